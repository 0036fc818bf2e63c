# shellcheck shell=bash
# The branch as it is. Each environment has been reviewed on its own, so one that fails does not keep the others from it.
with_keys
failed=()
for environment in "${environments[@]}"; do
  begin "$environment"
  files_of "$environment"
  fleetform apply "${files[@]}" --auto-approve --lock-timeout 10m || failed+=("$environment")
  ((signals == 0)) || exit 130
done
((${#failed[@]} == 0)) || refuse "not applied, or not all of it: ${failed[*]}"
