# What an agent may order. `policy.wasm` beside this file is made of it with OPA 1.22.0:
#
#   opa build -t wasm -e aegis/decision -e aegis/deny -e aegis/slow -e aegis/large -e aegis/order orders.rego -o bundle.tar.gz
#   tar -xzf bundle.tar.gz /policy.wasm
package aegis

default decision := {"outcome": "allow"}

decision := {"outcome": "deny", "code": "BUDGET_EXCEEDED", "reason": "three calls are enough"} if {
	input.session.tool_calls >= 3
} else := {"outcome": "require_approval", "reason": "large orders have two pairs of eyes"} if {
	input.request.args.amount > data.limits.amount
} else := {"outcome": "allow", "constraints": {"mask": ["email"]}} if {
	input.request.tool == "report"
}

deny contains sprintf("%s is not for agents", [input.request.tool]) if input.request.tool in {"rm", "format"}

slow := count([1 |
	some a in numbers.range(1, input.request.args.n)
	some b in numbers.range(1, input.request.args.n)
	a + b == 0
])

large := concat("", [text | some _ in numbers.range(1, input.request.args.n); text := input.request.args.text])

order := true if input.request.tool == "order"
