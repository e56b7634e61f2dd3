#!/bin/sh
# Makes the media of the demo courses anew from texts/ and from the server itself: the voice, the captions, the cover, the
# film of the first lesson, and the picture in the README. ./dev serve needs none of this: the media are kept here.
# Usage: make.sh CURBCUT; needs espeak-ng, ffmpeg, zip, curl, chromium, fonts-noto-cjk, node and ./dev test's npm packages.
set -eu
CURBCUT=$(realpath "$1")
export CURBCUT
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# film PICTURES…: a film of the lesson's voice and these pictures; few pictures a second, a key picture every 4 s
film() {
	ffmpeg -v error -y "$@" -i "$work/lesson.wav" -vf fps=5,format=yuv420p -af loudnorm=I=-20:TP=-4,aresample=22050 \
		-c:v libx264 -preset veryslow -tune stillimage -crf 27 -g 20 -c:a aac -b:a 32k -ac 1 -shortest \
		-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart keyboard/lesson1.mp4
}

node make/cover.mjs
node make/sound.mjs "$work"
# the film shows the lesson itself as it was before; the first time, an empty picture
[ -s keyboard/lesson1.mp4 ] || film -f lavfi -i color=c=0x1a365d:s=1280x720:r=5:d=600
node make/record.mjs "$work"
film -f concat -safe 0 -i "$work/frames.txt"
node make/picture.mjs
