# What an agent's manifest and the budgets of its session take away, written as a policy in Rego: a place to begin
# with rules of your own. Aegis enforces all of it by itself as well, so nothing here can make a call less safe.
# Tainted data in a risky call is not here: Aegis does not follow taint yet.
package aegis

# Trap: `not f(input.x)` does not hold when `input.x` is undefined. Below, `not` stands before rules alone, which
# hold or do not; and a call passes when everything that it is judged by is there.

decision := refusal("PERMISSION_UNDECLARED", "the manifest does not list the tool") if {
	undeclared_tool
} else := refusal("EGRESS_DENY", "a host of the call is not among the domains of the manifest") if {
	foreign_host
} else := refusal("EXEC_DENY", "the call runs what the manifest does not grant") if {
	foreign_program
} else := refusal("BUDGET_EXCEEDED", "the session has used all its steps") if {
	input.session.steps >= limit("max_steps")
} else := refusal("BUDGET_EXCEEDED", "the session has used all its tool calls") if {
	input.request.method == "tools/call"
	input.session.tool_calls >= limit("max_tool_calls")
} else := refusal("BUDGET_EXCEEDED", "the session has used all its time") if {
	input.session.age_ms > limit("max_wall_time_ms")
} else := refusal("LOOP_DETECTED", "the same call was made too often") if {
	input.request.method == "tools/call"
	input.session.identical_calls >= max_identical_calls
} else := passage("require_approval", "the manifest wants a person's approval") if {
	complete
	approval_required
} else := passage("allow", "nothing speaks against it") if {
	complete
}

refusal(code, reason) := {"outcome": "deny", "code": code, "reason": reason}

passage(outcome, reason) := {"outcome": outcome, "reason": reason, "constraints": constraints}

max_identical_calls := 5

defaults := {"max_steps": 24, "max_tool_calls": 12, "max_wall_time_ms": 120000}

# Never more than the defaults.
limit(name) := min([defaults[name], budgets[name]]) if {
	budgets[name]
} else := defaults[name]

complete if {
	is_string(input.request.method)
	is_number(input.session.steps)
	is_number(input.session.tool_calls)
	is_number(input.session.age_ms)
	is_number(input.session.identical_calls)
	is_array(input.facts.hosts)
	is_array(input.facts.commands)
	is_array(input.facts.capabilities)
}

# The manifest. An agent that has none is held to the defaults and to nothing else.

permissions := input.manifest.permissions

default budgets := {}

budgets := permissions.budgets

constraints := {name: budgets[name] | some name in ["timeout_ms", "max_output_bytes"]}

undeclared_tool if {
	permissions
	input.request.tool
	not declared_tool
}

declared_tool if names_tool(permissions.tools)

approval_required if names_tool(permissions.approval_required)

# By its name, or by `server.tool`.
names_tool(patterns) if {
	input.request.tool in patterns
} else if {
	some pattern in patterns
	some name in [input.request.tool, concat(".", [input.request.server, input.request.tool])]
	glob.match(pattern, null, name)
}

foreign_host if {
	permissions
	some host in input.facts.hosts
	not open_host(host)
}

# What sends somewhere without being told where sends to nobody that was named.
foreign_host if {
	permissions
	"net.egress" in input.facts.capabilities
	not names_a_domain
}

open_host(host) if {
	some domain in permissions.net.domains
	glob.match(lower(domain), null, host)
}

names_a_domain if count(permissions.net.domains) > 0

foreign_program if {
	permissions
	runs_programs
	not known_programs
}

runs_programs if "exec" in input.facts.capabilities

runs_programs if count(input.facts.commands) > 0

# There is no sandbox: a manifest that wants one grants no program.
known_programs if {
	not sandboxed
	count(input.facts.commands) > 0
	every command in input.facts.commands {
		command.program in permissions.exec.allowed_bins
		known_arguments(command)
	}
}

sandboxed if input.manifest.sandbox.required

known_arguments(_) if not permissions.exec.arg_patterns

# Arguments that only the machine will know are not there, and match nothing.
known_arguments(command) if {
	some pattern in permissions.exec.arg_patterns
	regex.match(concat("", ["^(?:", pattern, ")$"]), command.args)
}
