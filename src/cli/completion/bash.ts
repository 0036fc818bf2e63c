/**
 * The grammar as a script for bash 4 and newer, with or without the package bash-completion.
 *
 * bash splits a line at `:`, `=` and `@`, too, and readline replaces only what follows the last of them, so the
 * script splits COMP_LINE itself and answers with what comes after that character. Addresses are patterns to bash
 * (`[…]`), and may hold what it would run (`$(…)`), so what is inserted is escaped for its context.
 */
import { grammarCases } from './cases.ts';
import type { Grammar } from './grammar.ts';
import { WALK } from './walk.ts';

export function bashScript(root: Grammar): string {
  return [HEAD, grammarCases(root, (name) => name), WALK, SPLIT, REPLY, MAIN].join('\n\n');
}

const HEAD = `# Completion of fleetform for bash 4 and newer. For this shell alone:
#   source <(fleetform completion bash)
# For all to come: put that line into ~/.bashrc.`;

const SPLIT = `# The words up to the cursor, as the shell will see them, without expanding anything. Sets:
# typed     the words before the cursor's        current  the word at the cursor
# open      the quote that it stands in          kept     how many characters of it readline leaves alone
# redirect  it is the target of < or >
_fleetform_split() {
  local line=\${COMP_LINE:0:COMP_POINT} char begun='' escaped='' i
  for ((i = 0; i < \${#line}; i++)); do
    char=\${line:i:1}
    if [[ -n $escaped ]]; then
      current+=$char escaped='' begun=1
    elif [[ $char == '\\' && $open != "'" ]]; then
      escaped=1
    elif [[ -n $open && $char != "$open" ]]; then
      current+=$char
    elif [[ $char == [\\'\\"] ]]; then
      if [[ -n $open ]]; then open=''; else open=$char; fi
      begun=1 kept=\${#current}
    elif [[ $char == [[:space:]] ]]; then
      if [[ -n $begun ]]; then
        if [[ -z $redirect ]]; then typed+=("$current"); fi
        current='' begun='' kept=0 redirect=''
      fi
    elif [[ $char == [\\<\\>] ]]; then
      if [[ -n $begun && -z $redirect && ! $current =~ ^[0-9]+$ ]]; then typed+=("$current"); fi
      current='' begun='' kept=0 redirect=1
    else
      current+=$char begun=1
      if [[ $COMP_WORDBREAKS == *"$char"* ]]; then kept=\${#current}; fi
    fi
  done
}`;

const REPLY = `_fleetform_addresses() {
  local program=\${typed[0]} address
  if [[ $program == '~/'* ]]; then program=$HOME/\${program:2}; fi
  case $(type -t -- "$program") in
    file | function) ;;
    *) program=fleetform ;;
  esac
  while IFS= read -r address; do
    choices+=("$address")
  done < <("$program" __complete addresses -- "\${typed[@]:1}" 2>/dev/null </dev/null)
}

# readline completes files best itself. Where \`=\` breaks no words, it would take \`--out=\` for a part of the name.
_fleetform_files() {
  local actions=(-o default -f) path
  if [[ $kind == folder ]]; then actions=(-o dirnames -d); fi
  if ((kept >= \${#prefix})); then
    compopt "\${actions[@]:0:2}"
    return
  fi
  compopt -o filenames
  while IFS= read -r path; do
    COMPREPLY+=("$prefix$path")
  done < <(compgen "\${actions[2]}" -- "\${current:\${#prefix}}")
}

# As it has to stand in the line, in the quotes that are open there, for the shell to read it as it is. Sets rest.
_fleetform_quote() {
  local char
  case $open in
    \\') rest=\${rest//"'"/"'\\\\''"} ;;
    \\")
      for char in '\\' '$' '\`' '"'; do
        rest=\${rest//"$char"/"\\\\$char"}
      done
      ;;
    *) printf -v rest %q "$rest" ;;
  esac
}

_fleetform_reply() {
  local choice rest
  for choice in \${choices[@]+"\${choices[@]}"}; do
    choice=$prefix$choice
    rest=\${choice:kept}
    if [[ $choice != "$current"* || -z $rest ]]; then continue; fi
    # Between double quotes nothing keeps ! from meaning the history.
    if [[ $open == '"' && $rest == *'!'* ]]; then continue; fi
    _fleetform_quote
    COMPREPLY+=("$rest")
  done
}`;

const MAIN = `_fleetform() {
  local IFS=$' \\t\\n'
  local typed=() choices=() current='' open='' kept=0 redirect=''
  local at='' count=0 kind='' optional='' ended='' prefix=''
  COMPREPLY=()
  _fleetform_split
  if [[ -n $redirect ]]; then
    kind=file
  else
    _fleetform_walk "\${typed[@]:1}"
    _fleetform_expect
  fi
  case $kind in
    file | folder) _fleetform_files ;;
    address) _fleetform_addresses ;;
  esac
  _fleetform_reply
}

complete -F _fleetform fleetform
`;
