/**
 * How bash and zsh read a half-typed line, with the functions of cases.ts. The same reading as commander's: a flag
 * with a value takes the next word, whatever it looks like; after `--` there are no flags.
 */

/**
 * - `_fleetform_walk WORD…`: the words before the cursor's, without the program. Sets `at` (the command), `count`
 *   (its arguments so far), `kind`/`optional`/`choices` (the value that the last flag still waits for), `ended`.
 * - `_fleetform_expect`: what the word at the cursor, `$current`, can be: `kind`, `choices`, and `prefix`, which is
 *   the part of it that stays (`--out=`).
 */
export const WALK = `_fleetform_walk() {
  local word
  for word in "$@"; do
    if [[ -n $kind && ( -z $optional || $word != -* ) ]]; then
      kind=''
      continue
    fi
    kind=''
    if [[ -n $ended ]]; then
      continue
    fi
    case $word in
      --) ended=1 ;;
      --*=*) ;;
      -?*) _fleetform_value "$word" ;;
      *)
        if ((count == 0)) && _fleetform_enters "\${at:+$at }$word"; then
          at="\${at:+$at }$word"
        else
          count=$((count + 1))
        fi
        ;;
    esac
  done
}

_fleetform_expect() {
  if [[ -n $kind && ( -z $optional || $current != -* ) ]]; then
    return
  fi
  if [[ -n $ended ]]; then
    kind=file
    return
  fi
  case $current in
    --*=*)
      prefix=\${current%%=*}=
      _fleetform_value "\${current%%=*}"
      ;;
    -*) _fleetform_flags ;;
    *)
      _fleetform_argument
      if [[ -z $kind && -z $current ]]; then
        _fleetform_flags
      fi
      ;;
  esac
}`;
