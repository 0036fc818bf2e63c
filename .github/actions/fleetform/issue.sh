# shellcheck shell=bash
# One open issue while there is drift, written once more with every look, and closed when there is none any more. A look that
# failed closes nothing.
issues="repos/$GITHUB_REPOSITORY/issues"
marker="<!-- fleetform:drift:$workflow -->"
export BEGINNING=$marker
# Whoever takes the label away has not closed it, so it is found by what it says, and by who has written it.
found=$(gh api "$issues?state=open&creator=github-actions%5Bbot%5D&per_page=100" --paginate --jq ".[]
  | select(.pull_request == null and $ours and ((.body // \"\") | startswith(env.BEGINNING))) | .number")
# The oldest, which is the last.
number=${found##*$'\n'}
if [[ ! -f plan/drift.md ]]; then
  if [[ -n $number && -f plan/drift.done ]]; then
    body=$(mktemp)
    printf 'There is no drift any more, says [this run](%s).\n' "$RUN" >"$body"
    gh api --method POST "$issues/$number/comments" --field "body=@$body" --silent
    gh api --method PATCH "$issues/$number" --raw-field state=closed --raw-field state_reason=completed --silent
  fi
  exit 0
fi
body=$(mktemp)
# The event's commit may be older than what was looked at.
commit=$(git rev-parse HEAD)
{
  printf '%s\nThe batches are not as `%s` wants them, or not as fleetform left them. Seen at %s by [this run](%s); ' \
    "$marker" "$branch" "$commit" "$RUN"
  printf 'this text is written once more with every look, and the issue is closed when there is nothing left.\n'
  if [[ -f plan/drift.failed ]]; then
    printf '\n**There was no look at all of it:** the run says why.\n'
  fi
  cat plan/drift.md
} >"$body"
if [[ -n $number ]]; then
  gh api --method PATCH "$issues/$number" --field "body=@$body" --silent
else
  gh api --method POST "$issues" --raw-field "title=fleetform: the batches have drifted" --raw-field "labels[]=fleetform-drift" \
    --field "body=@$body" --silent
fi
