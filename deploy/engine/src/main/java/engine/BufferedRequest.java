package engine;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A request whose body a filter has read, and perhaps replaced. The filters behind it can read the body again. */
final class BufferedRequest extends HttpServletRequestWrapper {
  private final byte[] body;
  private final int maxBody;

  private BufferedRequest(HttpServletRequest request, byte[] body, int maxBody) {
    super(request);
    this.body = body;
    this.maxBody = maxBody;
  }

  /** Reads one byte more than allowed; see {@link #isTooLong}. */
  static BufferedRequest of(HttpServletRequest request, int maxBody) throws IOException {
    return new BufferedRequest(request, request.getInputStream().readNBytes(maxBody + 1), maxBody);
  }

  BufferedRequest with(byte[] newBody) {
    return new BufferedRequest((HttpServletRequest) getRequest(), newBody, maxBody);
  }

  byte[] body() {
    return body;
  }

  boolean isTooLong() {
    return body.length > maxBody;
  }

  @Override
  public ServletInputStream getInputStream() {
    var bytes = new ByteArrayInputStream(body);
    return new ServletInputStream() {
      @Override
      public int read() {
        return bytes.read();
      }

      @Override
      public int read(byte[] into, int from, int length) {
        return bytes.read(into, from, length);
      }

      @Override
      public boolean isFinished() {
        return bytes.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException("The whole body is here already.");
      }
    };
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  @Override
  public int getContentLength() {
    return body.length;
  }

  @Override
  public long getContentLengthLong() {
    return body.length;
  }

  @Override
  public String getHeader(String name) {
    return name.equalsIgnoreCase("content-length") ? Integer.toString(body.length) : super.getHeader(name);
  }
}
