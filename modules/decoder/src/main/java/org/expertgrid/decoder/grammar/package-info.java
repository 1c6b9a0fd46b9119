/**
 * Texts that must be JSON: which tokens may come next.
 *
 * <pre>
 *   JSON schema --> SchemaReader --> rules, those of JsonRules among them       Vocabulary --> TokenTable
 *                                       |                                                          |
 *                                       v                                                          v
 *                                    States: byte by byte, what may follow  ---------------->  tokens that may come next
 *                                       ^                                                          |
 *                                       +------ Constraint.add(the token that was chosen) <-----  Sampler
 * </pre>
 *
 * {@link org.expertgrid.decoder.grammar.JsonGrammar} says what a text may be, {@link org.expertgrid.decoder.grammar.Constraint} holds one text to it.
 * A grammar reads bytes, not characters, since a token may be a part of a character.
 */
package org.expertgrid.decoder.grammar;
