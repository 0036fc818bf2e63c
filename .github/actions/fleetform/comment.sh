# shellcheck shell=bash
# The plans as one comment on the pull request, written once more with every push. BASE: the commit that `prepare` told.
# A run that is run again says nothing of a branch that has moved on.
now=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$PULL_REQUEST" --jq .head.sha)
if [[ $now != "$HEAD" ]]; then exit 0; fi
body=$(mktemp)
if [[ -f plan/comment.md ]]; then
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
  comment "$PULL_REQUEST" "$marker" "$body"
else
  # The beginning of every plan's; a destroy's and another API's are others.
  marker=$(gh api "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --paginate --jq ".[]
    | select($ours and (.body | test(\"^<!-- fleetform:plans?:\"))) | .body | split(\"\n\")[0]")
  marker=${marker%%$'\n'*}
  if [[ -z $marker ]]; then exit 0; fi
  printf '%s\n\nThere is no plan for commit %s: [this run](%s) says why.\n' "$marker" "$HEAD" "$RUN" >"$body"
  comment "$PULL_REQUEST" "$marker" "$body"
fi
