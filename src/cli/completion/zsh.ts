/**
 * The grammar as a script for zsh. It can be sourced, or lie in a folder of $fpath as `_fleetform`. zsh splits the line
 * and escapes what is inserted itself.
 */
import { grammarCases } from './cases.ts';
import type { Grammar } from './grammar.ts';
import { WALK } from './walk.ts';

export function zshScript(root: Grammar): string {
  return [HEAD, grammarCases(root, describedEntry), WALK, REPLY, MAIN].join('\n\n');
}

/** As `_describe` reads it. */
function describedEntry(name: string, description: string): string {
  const escaped = name.replaceAll(/[\\:]/g, '\\$&');
  return description === '' ? escaped : `${escaped}:${description}`;
}

const HEAD = `#compdef fleetform
# Completion of fleetform for zsh. For this shell alone, after compinit:
#   source <(fleetform completion zsh)
# For all to come: put that line into ~/.zshrc, or this text as _fleetform into a folder of $fpath.`;

const REPLY = `_fleetform_addresses() {
  local program=\${(Q)words[1]}
  local -a typed
  if [[ $program == '~/'* ]]; then program=$HOME/\${program#'~/'}; fi
  if ((! \${+functions[$program]})) && ! whence -p -- "$program" >/dev/null; then program=fleetform; fi
  typed=("\${(@Q)words[2,CURRENT-1]}")
  choices=("\${(@f)$("$program" __complete addresses -- "\${typed[@]}" 2>/dev/null </dev/null)}")
  choices=("\${(@)choices:#}")
  _wanted addresses expl address compadd -a choices
}`;

// What runs a file of $fpath is a function of that file's name, in the middle of being replaced by this one.
const MAIN = `_fleetform() {
  local current=$PREFIX at='' kind='' optional='' ended='' prefix=''
  local -i count=0
  local -a choices expl
  if ((CURRENT > 2)); then _fleetform_walk "\${(@Q)words[2,CURRENT-1]}"; fi
  _fleetform_expect
  if [[ -n $prefix ]]; then compset -P 1 '*='; fi
  case $kind in
    commands) _describe -t commands command choices ;;
    flags) _describe -o -t options flag choices ;;
    words) _wanted values expl value compadd -a choices ;;
    address) _fleetform_addresses ;;
    file) _files ;;
    folder) _path_files -/ ;; # _files would offer files where there is no folder
    *) _message 'no more arguments' ;;
  esac
}

if [[ \${funcstack[1]} == _fleetform ]]; then
  _fleetform "$@"
elif ((\${+functions[compdef]})); then
  compdef _fleetform fleetform
else
  print -u2 'fleetform: completion needs compinit first: autoload -Uz compinit && compinit'
fi
`;
