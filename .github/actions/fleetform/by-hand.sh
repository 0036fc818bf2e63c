# shellcheck shell=bash
# Started by a person: COMMAND and its arguments. People who can start it may not be allowed to have the key: so it accepts
# no flag and no file, each command has its own arguments, and nothing is evaluated.
with_keys
takes() {
  for name in ADDRESS BATCHES LOCK; do
    if [[ -n ${!name} && " $* " != *" $name "* ]]; then refuse "$COMMAND takes no ${name,,}"; fi
  done
}
needs() {
  takes "$@"
  for name; do
    if [[ -z ${!name} ]]; then refuse "$COMMAND needs: ${*,,}"; fi
  done
}
if [[ -n $ADDRESS && ! $ADDRESS =~ ^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\[[A-Za-z0-9:._~%=,+-]{1,400}\])?(@[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$ ]]; then
  refuse "this is not an address: expected a batch of the file, such as nightly or nightly[fleet:eu]"
fi
if [[ -n $BATCHES && ! $BATCHES =~ ^[0-9]{1,20}(\ [0-9]{1,20}){0,49}$ ]]; then
  refuse "these are not ids of batches: digits, separated by single spaces"
fi
if [[ -n $LOCK && ! $LOCK =~ ^[0-9A-Za-z][0-9A-Za-z.-]{0,254}$ ]]; then
  refuse "this is not a lock id: lock list shows it"
fi
environment=${ENVIRONMENT-}
if [[ -z $environment ]]; then
  ((${#environments[@]} == 1)) || refuse "there are several environments, so say which one: ${environments[*]}"
  environment=${environments[0]}
fi
[[ " ${environments[*]} " == *" $environment "* && $environment != *" "* ]] || refuse "this is not one of the environments: ${environments[*]}"
files_of "$environment"
target=()
if [[ -n $ADDRESS ]]; then target=("--target=$ADDRESS"); fi
wait=--lock-timeout=10m
case $COMMAND in
  plan) takes ADDRESS; fleetform plan "${files[@]}" "${target[@]}" ;;
  apply) takes ADDRESS; fleetform apply "${files[@]}" --auto-approve "$wait" "${target[@]}" ;;
  "assume missing") needs ADDRESS; fleetform apply "${files[@]}" --auto-approve --assume-missing "$wait" "${target[@]}" ;;
  force-unlock) needs LOCK; fleetform force-unlock "${files[@]}" "$LOCK" ;;
  import) needs ADDRESS BATCHES; read -ra ids <<<"$BATCHES"; fleetform import "${files[@]}" "$wait" "$ADDRESS" "${ids[@]}" ;;
  "import force") needs ADDRESS BATCHES; read -ra ids <<<"$BATCHES"; fleetform import "${files[@]}" --force "$wait" "$ADDRESS" "${ids[@]}" ;;
  "lock list") takes; fleetform lock list "${files[@]}" ;;
  "state history") takes; fleetform state history "${files[@]}" ;;
  "state list") takes ADDRESS; fleetform state list "${files[@]}" ${ADDRESS:+"$ADDRESS"} ;;
  # To where the file says that the state is, from where it said so before.
  "state migrate") takes; fleetform state migrate "${files[@]}" --to git "$wait" ;;
  "state rm") needs ADDRESS; fleetform state rm "${files[@]}" "$wait" "$ADDRESS" ;;
  *) refuse "command is one of those that this workflow offers" ;;
esac
