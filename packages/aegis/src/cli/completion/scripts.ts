/** Shells that can be taught. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell reads to complete `aegis`. Every candidate is asked of `aegis complete`, so that values that
 * are there now are among them; exit code 9 means that the shell shall complete file names.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# aegis completion bash: add \`source <(aegis completion bash)\` to ~/.bashrc
_aegis() {
  local words candidates
  words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  candidates="$(aegis complete -- "\${words[@]}" 2>/dev/null)"
  if [ $? -eq 9 ]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
  else
    mapfile -t COMPREPLY <<< "$candidates"
    [ -z "$candidates" ] && COMPREPLY=()
  fi
}
complete -F _aegis aegis
`,
  zsh: `#compdef aegis
# aegis completion zsh: add \`source <(aegis completion zsh)\` to ~/.zshrc, after compinit
_aegis() {
  local -a candidates
  local said
  said="$(aegis complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"
  if [ $? -eq 9 ]; then
    _files
  else
    candidates=("\${(@f)said}")
    [ -n "$said" ] && compadd -- "\${candidates[@]}"
  fi
}
compdef _aegis aegis
`,
  fish: `# aegis completion fish: run \`aegis completion fish > ~/.config/fish/completions/aegis.fish\`
function __aegis_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l said (aegis complete -- $words[2..] 2>/dev/null)
  if test $status -eq 9
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $said
  end
end
complete -c aegis -f -a '(__aegis_complete)'
`,
};
