# shellcheck shell=bash
# Applies the plans of DIGESTS, in the environments' order: exactly those, or nothing. The first that fails is the last that is
# begun: who merged looks at it before the next fleet is touched. plan/result.tsv says what became of each.
with_keys
declare -A expected=()
for pair in $DIGESTS; do expected[${pair%=*}]=${pair##*=}; done
mkdir -p plan
: >plan/result.tsv
failed=
for environment in "${environments[@]}"; do
  if [[ -n $failed ]]; then
    printf 'not begun\t%s\n' "$environment" >>plan/result.tsv
    echo "::error::$environment was not begun, as $failed has failed"
    continue
  fi
  begin "$environment"
  files_of "$environment"
  place=$(place_of "$environment")
  mkdir -p "$place"
  [[ -n ${expected[$environment]-} ]] || refuse "no plan of $environment was reviewed"
  # Cut short, it is left so.
  printf 'begun\t%s\n' "$environment" >>plan/result.tsv
  code=0
  fleetform apply "$place/plan.json" "${files[@]}" --expect "${expected[$environment]}" --lock-timeout 10m 2>&1 |
    tee "$place/apply.log" || code=$?
  if [[ $code == 0 ]]; then what=applied; else what=failed failed=$environment; fi
  printf '%s\t%s\n' "$what" "$environment" >>plan/result.tsv
done
test -z "$failed" || exit 1
