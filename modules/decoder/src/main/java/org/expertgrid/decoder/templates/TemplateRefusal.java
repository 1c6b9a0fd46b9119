package org.expertgrid.decoder.templates;

/** A chat template says, by {@code raise_exception}, that it does not take what it is given; the message is the template's own. */
public final class TemplateRefusal extends TemplateException {
    private static final long serialVersionUID = 1L;

    public TemplateRefusal(String message) {
        super(message);
    }
}
