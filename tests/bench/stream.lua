-- wrk: a range of 2 MB of one file, at random places. Arguments: path, token, size of the file.
local SIZE = 2 * 1024 * 1024
local thread_number = 0
function setup(thread)
	thread:set("number", thread_number)
	thread_number = thread_number + 1
end

local requests, count = {}, 256

function init(args)
	math.randomseed(number + 1)
	for i = 1, count do
		local from = math.random(0, tonumber(args[3]) - SIZE)
		requests[i] = wrk.format("GET", args[1], { ["Authorization"] = "Bearer " .. args[2],
			["Range"] = "bytes=" .. from .. "-" .. from + SIZE - 1 })
	end
end

local at = 0
function request()
	at = at + 1
	return requests[at % count + 1]
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "done.lua")
