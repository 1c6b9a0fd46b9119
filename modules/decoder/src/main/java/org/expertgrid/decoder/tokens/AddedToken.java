package org.expertgrid.decoder.tokens;

/**
 * A token that is recognised as a whole, before the text around it is cut into pieces.
 *
 * @param special whether it marks something, such as the end of a text, and is no text itself
 */
record AddedToken(int id, String content, boolean special) {}
