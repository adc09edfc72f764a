import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks for a page with the key of a keystore: java MutualTls.java KEYSTORE TYPE PASSWORD_FILE URL */
public class MutualTls {
    public static void main(String[] arguments) throws Exception {
        char[] password = Files.readAllLines(Path.of(arguments[2])).get(0).toCharArray();
        KeyStore own = KeyStore.getInstance(arguments[1]);
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            own.load(file, password);
        }
        String alias = own.aliases().nextElement();
        Certificate[] chain = own.getCertificateChain(alias);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);

        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        anchors.setCertificateEntry("authority", chain[chain.length - 1]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);

        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[3])).build();
        HttpResponse<String> answer =
            HttpClient.newBuilder().sslContext(context).build().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(alias + " " + answer.statusCode() + " " + answer.body());
    }
}
