# shellcheck shell=bash
# Looks whether the batches are as fleetform left them, and as the branch wants them; changes nothing. plan/drift.md, if there
# is anything to tell, is what `issue` writes; plan/drift.failed: there was no look at one of the environments. A plan that
# may not be applied (a limit, preventCancel) was a look, and tells why.
with_keys
mkdir -p plan
rm -f plan/drift.md plan/drift.failed
room=55000
# append WHERE FILE: a part of the issue, as a whole or, if there is no room for it, by its name.
append() {
  local size
  size=$(wc -c <"$2")
  printf '\n## %s\n\n' "$1" >>plan/drift.md
  if ((size <= room)); then
    room=$((room - size))
    # The marker is a comment's, not an issue's.
    sed '1{/^<!--/d}' "$2" >>plan/drift.md
  else
    printf 'There is no room for it here: [this run](%s) shows it.\n' "$RUN" >>plan/drift.md
  fi
}
failed=()
for environment in "${environments[@]}"; do
  begin "$environment"
  files_of "$environment"
  place=$(place_of "$environment")
  mkdir -p "$place"
  where='' of=''
  if ((${#environments[@]} > 1)); then where="\`$environment\`: " of=" of $environment"; fi
  for look in drift plan; do
    mode=() title='changed outside fleetform'
    if [[ $look == drift ]]; then mode=(--refresh-only); else title='what a plan would do'; fi
    code=0
    rm -f "$place/$look.part.json" "$place/$look.part.md"
    fleetform plan "${files[@]}" "${mode[@]}" --detailed-exitcode --out "$place/$look.part.json" \
      --markdown "$place/$look.part.md" || code=$?
    ((signals == 0)) || exit 130
    digest=$(in_plan digest "$place/$look.part.json")
    if [[ $code == 0 ]]; then
      continue
    elif [[ -n $digest && -f $place/$look.part.md ]] && ((code <= 2)); then
      append "$where$title" "$place/$look.part.md"
    else
      failed+=("$look$of")
    fi
  done
done
if [[ -f plan/drift.md ]]; then output changes true; else output changes false; fi
if ((${#failed[@]} > 0)); then
  printf '%s\n' "${failed[@]}" >plan/drift.failed
  output exitcode 1
  refuse "there was no look at: ${failed[*]}"
fi
if [[ -f plan/drift.md ]]; then output exitcode 2; else output exitcode 0; fi
: >plan/drift.done
