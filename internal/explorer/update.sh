#!/bin/sh
# Rebuilds assets/ from the pinned npm packages in package-lock.json. The same lock gives the same bytes.
# Only needed to change a version: the result is committed and embedded.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp package.json package-lock.json .npmrc "$work"
npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund --silent
modules=$work/node_modules

# pack FILE NAME: compresses without name and time, and without the pointer to a source map that is not served.
pack() { sed '/^\/\/# sourceMappingURL=/d' "$modules/$1" | gzip -9n >"assets/$2.gz"; }

mkdir -p assets
pack react/umd/react.production.min.js react.js
pack react-dom/umd/react-dom.production.min.js react-dom.js
pack graphiql/graphiql.min.js graphiql.js
pack graphiql/graphiql.min.css graphiql.css

# The bundle holds code of every package below it, and two fonts.
{
	echo 'The files of this folder are built by update.sh from the npm packages below, unchanged but for compression.'
	echo 'graphiql.css also holds the fonts Roboto (Apache License 2.0) and Fira Code (SIL Open Font License 1.1).'
	cd "$modules"
	find . -name package.json -path '*/node_modules/*' -prune -o -name package.json -print | LC_ALL=C sort | while read -r manifest; do
		folder=$(dirname "$manifest")
		name=$(node -p 'const p = require(process.argv[1]); p.version ? `${p.name} ${p.version} (${p.license})` : ""' "$modules/$manifest")
		[ -n "$name" ] || continue
		printf '\n==== %s\n\n' "$name"
		find "$folder" -maxdepth 1 -iname 'licen[sc]e*' -type f -exec cat {} + | tr -d '\r'
	done
} | gzip -9n >assets/LICENSES.txt.gz
