-- What wrk found, as one line of JSON behind "JSON ".
function done(summary, latency)
	local errors = summary.errors
	print(string.format('JSON {"requests":%d,"bytes":%d,"s":%.6f,"p50_us":%d,"p99_us":%d,"errors":%d}',
		summary.requests, summary.bytes, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
		errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
