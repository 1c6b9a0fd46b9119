package org.expertgrid.decoder.grammar;

import static org.expertgrid.decoder.grammar.Symbol.any;
import static org.expertgrid.decoder.grammar.Symbol.optional;
import static org.expertgrid.decoder.grammar.Symbol.range;
import static org.expertgrid.decoder.grammar.Symbol.repeated;
import static org.expertgrid.decoder.grammar.Symbol.text;

import org.expertgrid.decoder.grammar.Symbol.Rule;

/**
 * The rules of JSON (RFC 8259), for texts in UTF-8. Where JSON allows any amount of something that means nothing, blanks and digits, there is a bound:
 * a model may not go on with them for ever.
 */
final class JsonRules {
    private static final int DEEPEST_INDENT = 32;
    private static final int MOST_DIGITS = 17;
    private static final int MOST_DIGITS_OF_EXPONENT = 3;

    private final Symbol digit = range('0', '9');
    final Rule space = new Rule().or().or(text(" ")).or(text("\n"), repeated(any(" \t"), 0, DEEPEST_INDENT));
    final Rule string = string();
    final Rule integer = new Rule()
            .or(optional(text("-")), text("0"))
            .or(optional(text("-")), range('1', '9'), repeated(digit, 0, MOST_DIGITS - 1));
    final Rule number = new Rule()
            .or(
                    integer,
                    optional(new Rule().or(text("."), repeated(digit, 1, MOST_DIGITS))),
                    optional(new Rule()
                            .or(any("eE"), optional(any("+-")), repeated(digit, 1, MOST_DIGITS_OF_EXPONENT))));
    final Rule bool = new Rule().or(text("true")).or(text("false"));
    final Rule none = text("null");
    final Rule value = new Rule();
    final Rule object = object(value);
    final Rule array = array(value);

    JsonRules() {
        value.or(object).or(array).or(string).or(number).or(bool).or(none);
    }

    private static Rule string() {
        Symbol hex = any("0123456789abcdefABCDEF");
        Symbol tail = range(0x80, 0xBF);
        Rule character = new Rule()
                .or(any(" !"))
                .or(range('#', '['))
                .or(range(']', 0x7F))
                .or(text("\\"), any("\"\\/bfnrt"))
                .or(text("\\u"), unicode(hex))
                .or(range(0xC2, 0xDF), tail)
                .or(range(0xE0, 0xE0), range(0xA0, 0xBF), tail)
                .or(range(0xE1, 0xEC), tail, tail)
                .or(range(0xED, 0xED), range(0x80, 0x9F), tail)
                .or(range(0xEE, 0xEF), tail, tail)
                .or(range(0xF0, 0xF0), range(0x90, 0xBF), tail, tail)
                .or(range(0xF1, 0xF3), tail, tail, tail)
                .or(range(0xF4, 0xF4), range(0x80, 0x8F), tail, tail);
        return new Rule().or(text("\""), repeated(character), text("\""));
    }

    /** Returns four hexadecimal digits that are no half of a surrogate pair, or both halves. */
    private static Rule unicode(Symbol hex) {
        Symbol high = any("89abAB");
        Symbol low = any("cdefCDEF");
        return new Rule()
                .or(any("0123456789abcefABCEF"), hex, hex, hex)
                .or(any("dD"), range('0', '7'), hex, hex)
                .or(any("dD"), high, hex, hex, text("\\u"), any("dD"), low, hex, hex);
    }

    /** Returns an array of any number of these. */
    Rule array(Symbol element) {
        return new Rule().or(text("["), space, optional(elements(element, 1, Integer.MAX_VALUE)), space, text("]"));
    }

    /** Returns an array of so many of these at least and at most. */
    Rule array(Symbol element, int least, int most) {
        if (most == 0) {
            return new Rule().or(text("["), space, text("]"));
        }
        Rule elements = elements(element, Math.max(1, least), most);
        return new Rule().or(text("["), space, least == 0 ? optional(elements) : elements, space, text("]"));
    }

    private Rule elements(Symbol element, int least, int most) {
        Rule further = new Rule().or(space, text(","), space, element);
        if (most == Integer.MAX_VALUE) {
            return new Rule().or(element, repeated(further, least - 1, least - 1), repeated(further));
        }
        return new Rule().or(element, repeated(further, least - 1, most - 1));
    }

    /** Returns an object with any keys and these values. */
    Rule object(Symbol element) {
        Rule member = new Rule().or(string, space, text(":"), space, element);
        return new Rule().or(text("{"), space, optional(elements(member, 1, Integer.MAX_VALUE)), space, text("}"));
    }
}
