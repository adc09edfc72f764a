# The document that the verification sends through both engines.
#
# in:  {"probe": "<any text>"}
# out: {"probe": "<the same text>", "passed": true}

if (.probe | type) == "string" then {probe, passed: true} else error("a verification needs its probe") end
