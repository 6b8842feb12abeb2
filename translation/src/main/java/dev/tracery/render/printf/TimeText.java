package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.NotEvaluable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// `%ptR…` and `%ptT…`: dates and times (lib/vsprintf.c, rtc_str and time64_str).
///
/// @param seconds whether the memory holds a `time64_t`; otherwise a `struct rtc_time`
/// @param date whether the date is told
/// @param time whether the time of the day is told
/// @param raw whether year and month are told as they are stored: from 1900, from 0
/// @param separator between date and time
record TimeText(boolean seconds, boolean date, boolean time, boolean raw, char separator)
    implements MemoryText {

  private static final long LATEST = 253_402_300_799L;

  static @Nullable MemoryText of(String extension) {
    char kind = extension.length() > 1 ? extension.charAt(1) : 0;
    if (kind != 'R' && kind != 'T') {
      return null;
    }
    int at = 2;
    char part = extension.length() > at ? extension.charAt(at) : 0;
    at += part == 'd' || part == 't' ? 1 : 0;
    boolean raw = false;
    char separator = 'T';
    for (; at < extension.length(); at++) {
      if (extension.charAt(at) == 'r') {
        raw = true;
      } else if (extension.charAt(at) == 's') {
        separator = ' ';
      } else {
        break;
      }
    }
    return new TimeText(kind == 'T', part != 't', part != 'd', raw, separator);
  }

  @Override
  public void append(Frame frame, long address, int width, TextBuffer out) {
    if (seconds) {
      long second = frame.load(address, 8);
      if (second < -LATEST || second > LATEST) {
        throw new NotEvaluable("a time that is no date");
      }
      LocalDateTime when = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      parts(
          out,
          when.getYear() - 1900,
          when.getMonthValue() - 1,
          when.getDayOfMonth(),
          when.getHour(),
          when.getMinute(),
          when.getSecond());
      return;
    }
    int[] parts = new int[6];
    for (int i = 0; i < 6; i++) {
      parts[i] = (int) frame.load(address + 4 * i, 4);
    }
    parts(out, parts[5], parts[4], parts[3], parts[2], parts[1], parts[0]);
  }

  private void parts(
      TextBuffer out, int year, int month, int day, int hour, int minute, int second) {
    if ((year | month | day | hour | minute | second) < 0) {
      throw new NotEvaluable("a time that is no date");
    }
    if (date) {
      out.decimal(raw ? year : year + 1900L, 4);
      out.put('-');
      out.decimal(raw ? month : month + 1L, 2);
      out.put('-');
      out.decimal(day, 2);
    }
    if (date && time) {
      out.put(separator);
    }
    if (time) {
      out.decimal(hour, 2);
      out.put(':');
      out.decimal(minute, 2);
      out.put(':');
      out.decimal(second, 2);
    }
  }
}
