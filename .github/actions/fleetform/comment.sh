# shellcheck shell=bash
# The plans as one comment on the pull request, written once more with every push. BASE: the commit that `prepare` told. It
# is found by the workflow and the job that have written it, whatever names and environments the file has by now.
# A run that is run again says nothing of a branch that has moved on, nor takes away what was reviewed and merged.
now=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$PULL_REQUEST" --jq '"\(.state) \(.head.sha)"')
if [[ $now != "open $HEAD" ]]; then exit 0; fi
KEY=${COMMENT_ID-}
[[ $KEY =~ ^[A-Za-z0-9._/-]*$ ]] || refuse "comment-id has letters, digits, . _ / and - only"
MARKER="<!-- fleetform:pull-request:$workflow:${GITHUB_JOB-}${KEY:+:$KEY} -->"
PLANNED=
if [[ -f plan/comment.md ]]; then PLANNED=$(head -n 1 plan/comment.md); fi
export MARKER PLANNED
found=$(comments_of "$PULL_REQUEST" '$lines[0] == env.MARKER')
if [[ -z $found ]]; then
  # Before it had a line of its own, it began with the plans'.
  found=$(comments_of "$PULL_REQUEST" '$lines[0] == env.PLANNED and env.PLANNED != ""')
fi
id=$(jq -rs '.[0].id // ""' <<<"$found")
none="There is no plan for commit $HEAD: [this run]($RUN) says why."
body=$(mktemp)
failed=
if ((${#environments[@]} == 1)); then
  place=$(place_of "${environments[0]}")
  failed=$(in_plan failed "$place/plan.json")
fi
if [[ ! -f plan/comment.md ]]; then
  if [[ -z $id ]]; then exit 0; fi
  printf '%s\n\n%s\n' "$MARKER" "$none" >"$body"
elif [[ $failed == true ]]; then
  # A file that does not even tell its name is nobody's yet.
  if [[ -z $id && $PLANNED == '<!-- fleetform:plans:'* ]]; then exit 0; fi
  { printf '%s\n' "$MARKER"; cat plan/comment.md; printf '\n%s\n' "$none"; } >"$body"
else
  {
    printf '%s\n' "$MARKER"
    cat plan/comment.md
    printf '\nPlan of commit %s on %s of %s, by [this run](%s).\n' "$HEAD" "$BASE" "$branch" "$RUN"
    # Of several, which plan is whose, in words of ours: `reviewed` reads what follows the last sentence of this kind.
    if ((${#environments[@]} > 1)); then
      for environment in "${environments[@]}"; do
        place=$(place_of "$environment")
        digest=$(in_plan digest "$place/plan.json")
        if [[ -n $digest ]]; then printf -- '- `%s`: `%s`\n' "$environment" "$digest"; fi
      done
    fi
  } >"$body"
fi
comment "$PULL_REQUEST" "$id" "$body"
