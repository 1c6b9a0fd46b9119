"""Renders snippets.txt and families/*.jinja with jinja2 as transformers sets it up, and writes snippets.json and families.json beside this file."""
import datetime, glob, json, os
import jinja2
from jinja2.ext import loopcontrols, Extension
from jinja2.nodes import CallBlock
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = datetime.datetime(2026, 11, 8, 9, 5, 3)

class Generation(Extension):
    tags = {"generation"}
    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return CallBlock(self.call_method("marked"), [], [], body).set_lineno(line)
    def marked(self, caller):
        return caller()

def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)

def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = NOW.strftime

def rendered(source, variables):
    try:
        return {"text": environment.from_string(source).render(**variables)}
    except jinja2.exceptions.TemplateError as e:
        return {"error": str(e)}
    except Exception as e:
        return {"error": str(e), "type": type(e).__name__}

def write(name, cases):
    with open(os.path.join(HERE, name), "w") as out:
        json.dump(cases, out, indent=1, ensure_ascii=False)
        out.write("\n")

VARIABLES = {
    "d": {"a": 1, "b": [2]},
    "ms": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}, {"role": "tool", "tool": {"name": "t"}}, {"role": "user", "tool": {"name": "v"}}],
}
with open(os.path.join(HERE, "snippets.txt")) as snippets:
    write("snippets.json", {"variables": VARIABLES, "cases": [{"source": s.rstrip("\n"), **rendered(s.rstrip("\n"), VARIABLES)} for s in snippets]})

TOOLS = [
    {"type": "function", "function": {"name": "get_weather", "description": "The weather <today> at a place", "parameters": {"type": "object", "properties": {"place": {"type": "string", "description": "Where"}, "unit": {"type": "string", "enum": ["C", "F"], "default": "C"}, "days": {"type": "array", "items": {"type": "integer"}}, "exact": {"type": ["boolean", "null"]}}, "required": ["place"]}}},
    {"type": "function", "function": {"name": "now", "description": "The time", "parameters": {"type": "object", "properties": {}}}},
]
CALL = {"id": "call12345", "type": "function", "function": {"name": "get_weather", "arguments": {"place": "Bath", "days": [1]}}}
CONVERSATIONS = {
    "one": {"messages": [{"role": "user", "content": " Hello, wörld "}], "add_generation_prompt": True},
    "system": {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "one"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\ntwo"}, {"role": "user", "content": "three"}], "add_generation_prompt": True},
    "answered": {"messages": [{"role": "user", "content": "one"}, {"role": "assistant", "content": "two", "reasoning_content": "I count.", "thinking": "I count."}], "add_generation_prompt": False},
    "tools": {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Rain?"}, {"role": "assistant", "content": "", "tool_calls": [CALL]}, {"role": "tool", "name": "get_weather", "tool_call_id": "call12345", "content": "wet"}, {"role": "assistant", "content": "It rains."}, {"role": "user", "content": "Thanks"}], "tools": TOOLS, "add_generation_prompt": True},
    "parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}], "add_generation_prompt": True},
    "no-thinking": {"messages": [{"role": "user", "content": "2+2?"}], "add_generation_prompt": True, "enable_thinking": False, "thinking": False, "reasoning_effort": "low"},
    "two-users": {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}], "add_generation_prompt": True},
}
cases = []
for path in sorted(glob.glob(os.path.join(HERE, "families", "*.jinja"))):
    with open(path) as file:
        source = file.read()
    for name, conversation in CONVERSATIONS.items():
        variables = {"bos_token": "<s>", "eos_token": "</s>", **conversation}
        cases.append({"template": "families/" + os.path.basename(path)[:-len(".jinja")], "case": name, "variables": variables, **rendered(source, variables)})
write("families.json", cases)
