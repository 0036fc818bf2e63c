# shellcheck shell=bash
# Plans every environment; one that fails does not keep the others from it. plan/comment.md is the comment on all.
with_keys
# Of a pull request it is a trial merge; the page and the comment link to what was planned.
GITHUB_SHA=$(git rev-parse HEAD)
export GITHUB_SHA
failed=() changes=false digests=() names=()
for environment in "${environments[@]}"; do
  begin "$environment"
  files_of "$environment"
  place=$(place_of "$environment")
  paths=("${files[@]:1}")
  if ! without_keys fleetform fmt --check --diff "${paths[@]}"; then
    failed+=("$environment")
    continue
  fi
  mkdir -p "$place"
  reports=(--out "$place/plan.json" --html "$place/plan.html")
  if ((${#environments[@]} == 1)); then reports+=(--markdown plan/comment.md); fi
  code=0
  fleetform plan "${files[@]}" "${reports[@]}" --detailed-exitcode || code=$?
  case $code in
    0 | 2)
      if [[ $code == 2 ]]; then changes=true; fi
      digests+=("$environment=$(digest_of "$place/plan.json")")
      names+=("$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).name' "$place/plan.json")")
      ;;
    *) failed+=("$environment") ;;
  esac
done
# Two of one name would undo each other's.
twice=$(printf '%s\n' "${names[@]}" | sort | uniq -d)
if ((${#environments[@]} > 1)); then
  plans=()
  for environment in "${environments[@]}"; do plans+=("$(place_of "$environment")/plan.json"); done
  mkdir -p plan
  # Of those that have failed, it says so, and then fails itself.
  without_keys fleetform show "${plans[@]}" --markdown plan/comment.md >/dev/null || true
fi
output changes "$changes"
output digests "${digests[*]}"
if [[ -n $twice ]]; then
  rm -f plan/comment.md
  output exitcode 1
  refuse "two environments have the same name, and so would share one state: ${twice//$'\n'/, }"
fi
if ((${#failed[@]} > 0)); then
  output exitcode 1
  refuse "no plan of: ${failed[*]}"
fi
if [[ $changes == true ]]; then output exitcode 2; else output exitcode 0; fi
