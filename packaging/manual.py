#!/usr/bin/env python3
"""Writes the manual page from what `likeness --experimental-dump-help` says: the command's own declarations.

Usage: manual.py LIKENESS > likeness.1
"""

import json
import subprocess
import sys


def text(words):
    """Words as roff reads them back: no escapes, no requests at the beginning of a line."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    words = "".join(c if ord(c) < 128 else "\\[u%04X]" % ord(c) for c in words)
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in words.split("\n"))


def spelling(argument):
    """`--data <data>`, `-k <k>`, `<file>`, as somebody types it."""
    value = "<%s>" % argument["valueName"]
    if argument["kind"] == "positional":
        return value + (" ..." if argument["isRepeating"] else "")
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument["names"]]
    return ", ".join(names) + ("" if argument["kind"] == "flag" else " " + value)


def arguments(command):
    shown = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    # Every command has these two.
    return [a for a in shown if a["valueName"] not in ("help", "version")]


def paragraphs(words):
    for paragraph in words.split("\n\n"):
        yield ".PP\n" + text(paragraph)


def usage(command, name):
    words = [name]
    for argument in arguments(command):
        spelled = spelling(argument)
        words.append("[%s]" % spelled if argument["isOptional"] else spelled)
    return text(" ".join(words))


def described(command):
    """What a command does and takes."""
    lines = list(paragraphs(command.get("abstract", ""))) + list(paragraphs(command.get("discussion", "")))
    for argument in arguments(command):
        default = argument.get("defaultValue")
        suffix = " (default: %s)" % default if default and argument["kind"] != "flag" else ""
        lines += [".TP", "\\fB%s\\fR" % text(spelling(argument)), text(argument.get("abstract", "") + suffix)]
    return lines


def leaves(command, prefix):
    """Every command that can be typed, with its whole name."""
    inner = [c for c in command.get("subcommands", []) if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    name = (prefix + " " + command["commandName"]).strip()
    if not inner:
        yield command, name
    for one in inner:
        yield from leaves(one, name)


def main():
    program = sys.argv[1]
    told = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True)
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    root = json.loads(told.stdout)["command"]
    name = root["commandName"]
    lines = ['.TH "%s" 1 "" "%s %s" "User Commands"' % (name.upper(), name, version)]
    lines += [".SH NAME", "%s \\- %s" % (name, text(root["abstract"].rstrip(".")))]
    lines += [".SH SYNOPSIS", text("%s <command> [<options>]" % name)]
    lines += [".SH DESCRIPTION"] + list(paragraphs(root.get("discussion", "")))
    lines += [".SH COMMANDS"]
    for command, whole in leaves(root, ""):
        lines += [".SS " + text(whole), usage(command, whole)] + described(command)
    print("\n".join(lines))


main()
