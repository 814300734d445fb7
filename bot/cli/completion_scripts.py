"""The scripts that complete commands in a shell; they stand here by themselves so that a shell starts fast.

click's own scripts put a name of two words into the line unquoted (bash), cut a description at its first
comma (fish), and do not set "--author=" in front of a name apart (zsh). The lines that these read are the
same.
"""

from typing import Final

__all__ = ["SCRIPTS", "script"]

_BASH = """\
%(complete_func)s() {
    local line value quoted
    case $2 in [\\"\\']*) quoted=yes ;; esac
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line#*,}
        case $line in
            dir,*) compopt -o dirnames 2>/dev/null ;;
            file,*) compopt -o default 2>/dev/null ;;
            plain,*)
                [ "$quoted" ] || printf -v value %%q "$value"
                COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""
_FISH = """\
function %(complete_func)s
    for line in (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp | string collect) \
        COMP_CWORD=(commandline -t | string collect) %(prog_name)s)
        set -l parts (string split --max 1 "," -- $line)
        set -l option (string match --regex '^--[^=]+=' -- (commandline -t))
        set -l typed (string replace --regex '^--[^=]+=' '' -- (commandline -t))
        switch $parts[1]
            case dir
                for path in (__fish_complete_directories "$typed")
                    echo "$option$path"
                end
            case file
                for path in (__fish_complete_path "$typed")
                    echo "$option$path"
                end
            case plain
                echo $parts[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""
_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local kind value described
    local -a answer plain with_descriptions
    (( $+commands[%(prog_name)s] )) || return 1
    answer=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
        %(complete_var)s=zsh_complete %(prog_name)s)}")
    compset -P '--*='
    for kind value described in ${answer}; do
        case $kind in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain)
                if [[ $described == _ ]]; then
                    plain+=("$value")
                else
                    with_descriptions+=("$value:$described")
                fi ;;
        esac
    done
    if (( $#with_descriptions )); then
        _describe -V unsorted with_descriptions -U -i "$IPREFIX"
    fi
    if (( $#plain )); then
        compadd -U -i "$IPREFIX" -V unsorted -a plain
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

#: By the name of the shell, with places for the names that click gives them.
SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def script(shell: str) -> str:
    """Return a shell's script for ``bobbin``."""
    return SCRIPTS[shell] % {
        "prog_name": "bobbin",
        "complete_func": "_bobbin_completion",
        "complete_var": "_BOBBIN_COMPLETE",
    }
