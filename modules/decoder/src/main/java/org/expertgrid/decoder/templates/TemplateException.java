package org.expertgrid.decoder.templates;

import org.expertgrid.experts.errors.ExpertgridException;

/** A chat template that cannot be read, or cannot be rendered with what it is given; the message begins with the line. */
public class TemplateException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message);
    }

    static TemplateException at(int line, String problem) {
        return new TemplateException("chat template, line " + line + ": " + problem);
    }
}
