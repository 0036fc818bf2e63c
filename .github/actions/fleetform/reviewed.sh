# shellcheck shell=bash
# Of the pull request whose merge is this very commit, the plans of its last commit on what the branch was then: from a run
# of this workflow for a branch of this repository. What else bears that name is no plan of ours.
export BRANCH=$branch WORKFLOW=$workflow
merged=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" --jq '[.[] | select(.merged_at != null
  and .base.ref == env.BRANCH and .merge_commit_sha == env.GITHUB_SHA)][0] // empty | "\(.number) \(.head.sha)"')
test -n "$merged" || refuse "$GITHUB_SHA is not the merge of a pull request, so no plan of it was reviewed"
read -r number HEAD <<<"$merged"
export HEAD
output pull-request "$number"
name=fleetform-plan-$number-$HEAD-$BEFORE
runs=$(gh api "repos/$GITHUB_REPOSITORY/actions/artifacts?per_page=100&name=$name" --jq '[.artifacts[]
  | select(.expired | not)] | sort_by(.created_at) | reverse | .[].workflow_run.id') ||
  refuse "GitHub did not tell which runs have planned $HEAD: see above, and run this job again"
plan=
for run in $runs; do
  found=$(gh api "repos/$GITHUB_REPOSITORY/actions/runs/$run" --jq 'select(.event == "pull_request"
    and .conclusion == "success" and .head_sha == env.HEAD and .head_repository.full_name == env.GITHUB_REPOSITORY
    and (.path | split("@")[0]) == env.WORKFLOW) | .id') ||
    refuse "GitHub did not tell what run $run has planned: see above, and run this job again"
  if [[ -n $found ]]; then
    plan=$found
    break
  fi
done
test -n "$plan" || refuse "no run has planned $HEAD, the last commit of #$number, on $BEFORE, which $branch was before"
# Of what it brings, the plans alone are taken: what became of them, this run says.
got=$(mktemp -d)
gh run download "$plan" --name "$name" --dir "$got"
# What was reviewed is what our comment showed. An artifact could be another one of the same name.
PLANNED=$(head -n 1 "$got/comment.md")
MARKER="<!-- fleetform:pull-request:$workflow:"
sentence="Plan of commit $HEAD on $BEFORE of $branch,"
export PLANNED MARKER
shown=
if [[ $PLANNED =~ ^\<!--\ fleetform:plans?: ]]; then
  shown=$(comments_of "$number" '$lines[0] == env.PLANNED
    or (($lines[0] | startswith(env.MARKER)) and $lines[1] == env.PLANNED)')
  shown=$(jq -r '.lines | join("\n")' <<<"$shown")
fi
[[ $shown == *"$sentence"* ]] || refuse "the comment on #$number shows no plan of $HEAD on $BEFORE"
digests=()
for environment in "${environments[@]}"; do
  if ((${#environments[@]} == 1)); then
    # shellcheck disable=SC2016
    digest=$(grep -o 'Plan: `sha256:[0-9a-f]\{64\}`' <<<"$shown" | tail -n 1 | grep -o 'sha256:[0-9a-f]*' || true)
  else
    digest=$(grep -F -- "- \`$environment\`: \`sha256:" <<<"${shown##*"$sentence"}" | grep -o 'sha256:[0-9a-f]\{64\}' || true)
  fi
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || refuse "the comment on #$number shows no plan of $environment"
  digests+=("$environment=$digest")
  begin "$environment"
  place=$(place_of "$environment")
  mkdir -p "$place"
  cp "$got/${place#plan}/plan.json" "$place/plan.json"
  fleetform show "$place/plan.json"
done
output digests "${digests[*]}"
