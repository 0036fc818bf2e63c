# shellcheck shell=bash
# Applies the plans of DIGESTS, in the environments' order: exactly those, or nothing. The first that fails is the last that is
# begun: who merged looks at it before the next fleet is touched. plan/result.tsv says what became of each. A run that is run
# again finds what the one before it has applied, and goes on after that.
with_keys
declare -A expected=()
for pair in $DIGESTS; do expected[${pair%=*}]=${pair##*=}; done
mkdir -p plan
: >plan/result.tsv
# Of the plan nothing is left to do: a line of fleetform's own.
is_done() { grep -qE '^(::error::|error: )nothing of this plan is left to do: ' "$1"; }
failed=
for environment in "${environments[@]}"; do
  if [[ -n $failed ]]; then
    printf 'not begun\t%s\n' "$environment" >>plan/result.tsv
    echo "::error::$environment was not begun, as $failed was not applied"
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
  logged "$place/apply.log" fleetform apply "$place/plan.json" "${files[@]}" --expect "${expected[$environment]}" \
    --lock-timeout 10m || code=$?
  case $code in
    0) what=applied ;;
    130) failed=$environment what=begun ;;
    *)
      if is_done "$place/apply.log"; then what='applied before'; else failed=$environment what=failed; fi
      ;;
  esac
  printf '%s\t%s\n' "$what" "$environment" >>plan/result.tsv
done
if ((signals > 0)); then exit 130; fi
test -z "$failed" || exit 1
