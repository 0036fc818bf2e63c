# shellcheck shell=bash
# Plans every environment; one that fails does not keep the others from it. plan/comment.md is the comment on all.
with_keys
# untidy ENVIRONMENT FILE: a plan that says that none was made, as `plan --out` leaves one.
untidy() {
  local version
  version=$(without_keys fleetform --version)
  jq -n --arg environment "$1" --arg version "$version" '{
    formatVersion: "1.0", fleetformVersion: $version, failed: true, plannedAt: (now | todate), name: null, api: null,
    mode: "normal", scope: { targets: [], excludes: [], replaces: [], refresh: true, assumeMissing: false, allowEmpty: false }, at: null,
    diagnostics: [{
      severity: "error", code: "desired.format",
      message: "\($environment) is not in the standard format, so it was not planned",
      hint: "`fleetform fmt` puts it into it; the run shows what it changes."
    }]
  }' >"$2"
}
failed=() changes=false digests=() names=()
for environment in "${environments[@]}"; do
  begin "$environment"
  files_of "$environment"
  place=$(place_of "$environment")
  paths=("${files[@]:1}")
  # What is wrong in a file is told by the plan, at its line; of one that is right the format counts.
  if GITHUB_ACTIONS='' without_keys fleetform validate "${files[@]}" &>/dev/null &&
    ! diff=$(without_keys fleetform fmt --check --diff "${paths[@]}") && [[ -n $diff ]]; then
    printf '%s\n' "$diff"
    failed+=("$environment")
    if ((${#environments[@]} > 1)); then
      mkdir -p "$place"
      untidy "$environment" "$place/plan.json"
    fi
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
      digest=$(in_plan digest "$place/plan.json")
      name=$(in_plan name "$place/plan.json")
      digests+=("$environment=$digest")
      names+=("$name")
      ;;
    *) failed+=("$environment") ;;
  esac
  ((signals == 0)) || exit 130
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
