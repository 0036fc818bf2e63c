# shellcheck shell=bash
# What became of the merge, as a comment on its pull request: of each environment what was done, or the end of its log. What an
# earlier run has applied stays told, whatever comes of running it again.
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
export MARKER="<!-- fleetform:result:$workflow:$GITHUB_SHA -->"
found=$(comments_of "$number" '$lines[0] == env.MARKER')
id=$(jq -rs '.[0].id // ""' <<<"$found")
record=$(jq -rs '.[0].lines // [] | .[]' <<<"$found")
# applied_before TITLE: what the record says of it.
applied_before() {
  local line
  while IFS= read -r line; do
    if [[ $line == "$1applied as it was reviewed: "* && ${line#"$1"} =~ ^[a-z]+\ [a-z\ ]+:\ [0-9a-z\ ,]+\.$ ]]; then
      printf '%s\n' "$line"
    fi
  done <<<"$record"
}
body=$(mktemp)
news='' open=''
{
  printf '%s\nMerged as %s, and handled by [this run](%s):\n' "$MARKER" "$GITHUB_SHA" "$RUN"
  for environment in "${environments[@]}"; do
    place=$(place_of "$environment")
    log=$place/apply.log
    title=
    if ((${#environments[@]} > 1)); then title="\`$environment\`: "; fi
    before=$(applied_before "$title")
    what=${became[$environment]-}
    if [[ -n $before ]]; then
      printf '\n%s\n' "$before"
      # It has added nothing to that.
      case $what in '' | 'not begun' | 'applied before') continue ;; esac
      title+='run again, '
    fi
    news=yes
    case $what in
      applied)
        counts=$(grep -oE '^(Apply|Destroy) complete: [0-9a-z ,]*' "$log" | tail -n 1 | sed 's/^[A-Z][a-z]* complete: //; s/, 0 [a-z]*//g; s/^0 [a-z]*, //' || true)
        printf '\n%sapplied as it was reviewed: %s.\n' "$title" "${counts:-there was nothing to do}"
        ;;
      'applied before') printf '\n%shad been applied already: nothing of the plan was left to do.\n' "$title" ;;
      failed)
        printf '\n%s**not applied, or not all of it.** The end of its log:\n\n' "$title"
        log_block "$log"
        ;;
      begun)
        printf '\n%s**cut short.** What is made by now, a new plan shows.' "$title"
        if [[ -s $log ]]; then
          printf ' The end of its log:\n\n'
          log_block "$log"
        else
          printf '\n'
        fi
        ;;
      'not begun') printf '\n%s**not begun**, as the one before was not applied.\n' "$title" ;;
      *) printf '\n%s**not applied**: the run says why.\n' "$title" ;;
    esac
    if [[ $what != applied && $what != 'applied before' ]]; then open=yes; fi
  done
  if [[ -n $open ]]; then printf '\nTo continue, run the workflow by hand on `%s`: plan, review, apply.\n' "$branch"; fi
} >"$body"
if [[ -z $id || -n $news ]]; then comment "$number" "$id" "$body"; fi
