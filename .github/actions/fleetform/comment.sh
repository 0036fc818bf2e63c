# shellcheck shell=bash
# The plans as one comment on the pull request, written once more with every push. BASE: the commit that `prepare` told.
# A run that is run again says nothing of a branch that has moved on.
now=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$PULL_REQUEST" --jq .head.sha)
if [[ $now != "$HEAD" ]]; then exit 0; fi
body=$(mktemp)
# The first line of the comment that has shown a plan: of every file and API, but no destroy's.
shown() {
  local markers
  markers=$(gh api "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --paginate --jq ".[]
    | select($ours and (.body | test(\"^<!-- fleetform:plans?:\"))) | .body | split(\"\n\")[0]")
  echo "${markers%%$'\n'*}"
}
none="There is no plan for commit $HEAD: [this run]($RUN) says why."
if [[ ! -f plan/comment.md ]]; then
  marker=$(shown)
  if [[ -z $marker ]]; then exit 0; fi
  printf '%s\n\n%s\n' "$marker" "$none" >"$body"
elif ((${#environments[@]} == 1)) && [[ $(failed_in "$(place_of "${environments[0]}")/plan.json") == true ]]; then
  marker=$(head -n 1 plan/comment.md)
  # A file that does not tell its name has a marker that no plan of it will have.
  if [[ $marker == '<!-- fleetform:plans:'* ]]; then marker=$(shown); fi
  if [[ -z $marker ]]; then exit 0; fi
  { printf '%s\n' "$marker"; tail -n +2 plan/comment.md; printf '\n%s\n' "$none"; } >"$body"
else
  marker=$(head -n 1 plan/comment.md)
  {
    cat plan/comment.md
    printf '\nPlan of commit %s on %s of %s, by [this run](%s).\n' "$HEAD" "$BASE" "$branch" "$RUN"
    # Of several, which plan is whose, in words of ours: `reviewed` reads what follows the last sentence of this kind.
    if ((${#environments[@]} > 1)); then
      for environment in "${environments[@]}"; do
        file=$(place_of "$environment")/plan.json
        if [[ -f $file ]]; then printf -- '- `%s`: `%s`\n' "$environment" "$(digest_of "$file")"; fi
      done
    fi
  } >"$body"
fi
comment "$PULL_REQUEST" "$marker" "$body"
