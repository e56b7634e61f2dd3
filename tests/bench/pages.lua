-- wrk: GET of pages, another each time. Arguments: file of lines "PATH TOKEN".
local thread_number = 0
function setup(thread)
	thread:set("number", thread_number)
	thread_number = thread_number + 1
end

local requests, count, at = {}, 0, 0

function init(args)
	for line in io.lines(args[1]) do
		local path, token = line:match("^(%S+) (%S+)$")
		count = count + 1
		requests[count] = wrk.format("GET", path, { ["Authorization"] = "Bearer " .. token, ["Accept"] = "text/html" })
	end
	at = number * 7919
end

function request()
	at = at + 1
	return requests[at % count + 1]
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "done.lua")
