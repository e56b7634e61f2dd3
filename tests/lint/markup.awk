# Told by markup.sh: elements and attributes of templates that a component should make. A record begins behind each '<'.
BEGIN {
	RS = "<"
	split("p br hr ul ol li dl dt dd h2 h3 h4 section div span strong em small kbd code pre blockquote time a" \
		" form fieldset legend details summary img audio video source track noscript", names, " ")
	for (i in names) plain[names[i]] = 1
}
function fault(what) { print FILENAME ":" line + 1 ": <" substr(tag, 1, 60) "    <- " what }
# what the components have no part in: media are named by what they play, a form may be the page-wide search
function may(name, attribute) {
	return (name == "audio" || name == "video") && attribute ~ /^aria-label(ledby)?$/ ||
		name == "form" && attribute == "role" && tag ~ / role="search"/
}
FNR == 1 { line = gsub(/\n/, "\n"); next }
{
	tag = $0
	sub(/>.*/, "", tag)
	gsub(/\n/, " ", tag)
	name = tag
	sub(/[ {].*/, "", name)
	rest = tag
	gsub(/"[^"]*"/, "", rest)
	sub(/^[^ {]*/, "", rest)
	gsub(/{{[^}]*}}/, " ", rest)
	if (name !~ /^\//) {
		if (FILENAME ~ /\.head\.html$/ ? name != "link" && name != "script" : !(name in plain) && !(name == "input" && tag ~ / type="hidden"/))
			fault("not one of the plain elements: use a component")
		n = split(rest, attributes, " ")
		for (i = 1; i <= n; i++) {
			attribute = attributes[i]
			sub(/=.*/, "", attribute)
			if (attribute ~ /^(class|style|role|tabindex|aria-.*|on.*)$/ && !may(name, attribute))
				fault("the components give " attribute)
		}
	}
	line += gsub(/\n/, "\n")
}
