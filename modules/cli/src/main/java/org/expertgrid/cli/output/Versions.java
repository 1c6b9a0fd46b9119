package org.expertgrid.cli.output;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of Expertgrid and its libraries, as Maven wrote them into the jars. */
public final class Versions implements IVersionProvider {
    public static String expertgrid() {
        return of("org.expertgrid", "expertgrid-cli");
    }

    public static String hazelcast() {
        return of("com.hazelcast", "hazelcast");
    }

    public static String ojAlgo() {
        return of("org.ojalgo", "ojalgo");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"expertgrid " + expertgrid()};
    }

    private static String of(String group, String artifact) {
        String resource = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream stream = Versions.class.getResourceAsStream(resource)) {
            if (stream == null) {
                return "unknown, not in a jar";
            }
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(resource + ": " + e.getMessage(), e);
        }
    }
}
