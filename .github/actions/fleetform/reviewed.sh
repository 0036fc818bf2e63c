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
plan=
for run in $(gh api "repos/$GITHUB_REPOSITORY/actions/artifacts?per_page=100&name=$name" --jq '[.artifacts[]
  | select(.expired | not)] | sort_by(.created_at) | reverse | .[].workflow_run.id'); do
  found=$(gh api "repos/$GITHUB_REPOSITORY/actions/runs/$run" --jq 'select(.event == "pull_request"
    and .conclusion == "success" and .head_sha == env.HEAD and .head_repository.full_name == env.GITHUB_REPOSITORY
    and (.path | split("@")[0]) == env.WORKFLOW) | .id')
  if [[ -n $found ]]; then
    plan=$found
    break
  fi
done
test -n "$plan" || refuse "no run has planned $HEAD, the last commit of #$number, on $BEFORE, which $branch was before"
gh run download "$plan" --name "$name" --dir plan
# What was reviewed is what our comment showed. An artifact could be another one of the same name.
MARKER=$(head -n 1 plan/comment.md)
sentence="Plan of commit $HEAD on $BEFORE of $branch,"
export MARKER
shown=
if [[ $MARKER =~ ^\<!--\ fleetform:plans?: ]]; then
  shown=$(gh api "repos/$GITHUB_REPOSITORY/issues/$number/comments" --paginate --jq ".[]
    | select($ours and (.body | startswith(env.MARKER))) | .body")
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
  fleetform show "$(place_of "$environment")/plan.json"
done
output digests "${digests[*]}"
