# shellcheck shell=bash
# What became of the merge, as a comment on its pull request: of each environment what was done, or the end of its log.
# NUMBER: what `reviewed` told; without it, whatever this commit is the merge of.
export BRANCH=$branch
number=${NUMBER-}
if [[ -z $number ]]; then
  number=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" --jq '[.[] | select(.merged_at != null
    and .base.ref == env.BRANCH and .merge_commit_sha == env.GITHUB_SHA)][0] // empty | .number')
fi
if [[ -z $number ]]; then exit 0; fi
declare -A became=()
if [[ -f plan/result.tsv ]]; then
  while IFS=$'\t' read -r what environment; do became[$environment]=$what; done <plan/result.tsv
fi
marker="<!-- fleetform:result:$workflow:$GITHUB_SHA -->"
body=$(mktemp)
{
  printf '%s\nMerged as %s, and handled by [this run](%s):\n' "$marker" "$GITHUB_SHA" "$RUN"
  for environment in "${environments[@]}"; do
    log=$(place_of "$environment")/apply.log
    title=
    if ((${#environments[@]} > 1)); then title="\`$environment\`: "; fi
    case ${became[$environment]-} in
      applied)
        counts=$(grep -oE '^(Apply|Destroy) complete: [0-9a-z ,]*' "$log" | tail -n 1 | sed 's/^[A-Z][a-z]* complete: //; s/, 0 [a-z]*//g; s/^0 [a-z]*, //' || true)
        printf '\n%sapplied as it was reviewed: %s.\n' "$title" "${counts:-there was nothing to do}"
        ;;
      failed)
        printf '\n%s**not applied, or not all of it.** The end of its log:\n\n' "$title"
        log_block "$log"
        ;;
      begun) printf '\n%s**cut short.** What is made by now, a new plan shows.\n' "$title" ;;
      'not begun') printf '\n%s**not begun**, as the one before has failed.\n' "$title" ;;
      *) printf '\n%s**not applied**: the run says why.\n' "$title" ;;
    esac
  done
  for what in "${became[@]-}"; do
    if [[ $what != applied ]]; then
      printf '\nTo continue, run the workflow by hand on `%s`: plan, review, apply.\n' "$branch"
      break
    fi
  done
} >"$body"
comment "$number" "$marker" "$body"
