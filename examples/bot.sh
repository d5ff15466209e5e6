#!/usr/bin/env bash
# A bot for Hanita in bash: in the rooms that it is in, it answers "!time" and "!roll".
#
#     BOT_TOKEN=... bash examples/bot.sh 127.0.0.1 7777 '#lesson7'
set -u
exec 3<>"/dev/tcp/$1/$2"
say() { printf '{"time":%s,%s}\n' "$(date +%s)" "$1" >&3; }
field() { sed -nE "s/.*\"$1\":\"([^\"\\\\]*)\".*/\1/p" <<<"$line"; } # a text without escapes is enough for this bot

say "\"action\":\"authenticate\",\"token\":\"$BOT_TOKEN\",\"features\":[\"id\"]"
for room in "${@:3}"; do say "\"action\":\"join\",\"room\":\"$room\""; done
while IFS= read -r line <&3; do
  case $line in
    *'"response":4'* | *'"response":5'*) field error >&2 ;;
    '{"action":"probe"'*) say '"action":"presence"' ;;
    *'"replayed":true'*) ;; # said while the bot was away: it is not answered again
    '{"action":"msg"'*)
      case $(field message) in
        '!time') answer=$(date +%H:%M) ;;
        '!roll') answer=$((1 + RANDOM % 6)) ;;
        *) continue ;;
      esac
      to=$(field to)
      [[ $to == '#'* ]] || to=$(field from)
      say "\"action\":\"msg\",\"to\":\"$to\",\"message\":\"$answer\""
      ;;
  esac
done
