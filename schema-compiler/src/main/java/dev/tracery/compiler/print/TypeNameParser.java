package dev.tracery.compiler.print;

import dev.tracery.compiler.syntax.TypeRule;
import java.util.Set;

/// Reads the names of types, and tells them from expressions.
final class TypeNameParser {

  private static final Set<String> KEYWORDS =
      Set.of(
          "void",
          "char",
          "short",
          "int",
          "long",
          "float",
          "double",
          "signed",
          "unsigned",
          "__signed__",
          "bool",
          "_Bool",
          "const",
          "volatile",
          "struct",
          "union",
          "enum",
          "typeof",
          "__typeof__",
          "__typeof",
          "typeof_unqual",
          "__typeof_unqual__",
          "__auto_type",
          "static",
          "register",
          "__extension__");

  private static final Set<String> DROPPED =
      Set.of(
          "const",
          "volatile",
          "static",
          "register",
          "restrict",
          "__restrict",
          "__user",
          "__force",
          "__iomem",
          "__rcu",
          "__percpu",
          "__bitwise",
          "__maybe_unused",
          "__extension__",
          "__seg_gs",
          "__seg_fs");

  private static final Set<String> TAGGED = Set.of("struct", "union", "enum");

  private static final Set<String> TYPEOF =
      Set.of("typeof", "__typeof__", "__typeof", "typeof_unqual", "__typeof_unqual__");

  private static final int LONGEST = 4096;

  private final Lexer lexer;

  TypeNameParser(Lexer lexer) {
    this.lexer = lexer;
  }

  /// Whether the current word can only begin a type.
  boolean isType() {
    return lexer.token() == Token.WORD
        && (KEYWORDS.contains(lexer.word()) || TypeRule.find(lexer.word()) != null);
  }

  /// Whether the current word, which follows an opening bracket, begins the type of a cast, a
  /// compound literal or a `sizeof`. `(foo)` followed by an operand, `(foo *)` and `(foo_t)` do.
  boolean isTypeInBrackets(boolean operandFollows) {
    if (lexer.token() != Token.WORD) {
      return false;
    }
    if (isType()) {
      return true;
    }
    int start = lexer.start();
    boolean named = lexer.word().endsWith("_t");
    boolean starred = false;
    while (lexer.next() == '*') {
      starred = true;
    }
    boolean type = false;
    if (lexer.token() == ')') {
      type = starred || named;
      if (!type && operandFollows) {
        int next = lexer.next();
        type = next == Token.WORD || next == Token.INTEGER || next == Token.STRING;
      }
    }
    lexer.reset(start);
    return type;
  }

  /// Reads a type with its stars and brackets: `unsigned long`, `struct page *`, `u8 [4]`.
  TypeName type() {
    String base = base();
    String declarator = "";
    while (true) {
      if (lexer.token() == '*') {
        declarator = append(declarator, "*");
        lexer.next();
      } else if (lexer.token() == Token.WORD && DROPPED.contains(lexer.word())) {
        lexer.next();
      } else if (lexer.token() == '[' || lexer.token() == '(') {
        declarator = append(declarator, group().replace(" ", ""));
      } else {
        return new TypeName(base, declarator);
      }
    }
  }

  /// Reads the words of a type.
  String base() {
    String base = "";
    while (lexer.token() == Token.WORD) {
      String word = lexer.word();
      if (DROPPED.contains(word)) {
        lexer.next();
      } else if (word.equals("__attribute__")) {
        lexer.next();
        group();
      } else if (TAGGED.contains(word) && base.isEmpty()) {
        base = tagged(word);
      } else if (TYPEOF.contains(word) && base.isEmpty()) {
        lexer.next();
        base = "typeof " + group();
      } else if (base.isEmpty() || KEYWORDS.contains(word)) {
        base = base.isEmpty() ? word : append(append(base, " "), word);
        lexer.next();
      } else {
        break;
      }
    }
    if (base.isEmpty()) {
      throw new NotUnderstood(lexer.start(), "expected a type but found " + lexer.found());
    }
    return base;
  }

  /// A part of a type with more at its end. Not for ever: what grows a bit at a time would take
  /// quadratic time.
  String append(String part, String more) {
    if (part.length() > LONGEST) {
      throw new NotUnderstood(lexer.start(), "expected the type's end before " + lexer.found());
    }
    return part + more;
  }

  private String tagged(String keyword) {
    String base = keyword;
    lexer.next();
    if (lexer.token() == Token.WORD) {
      base += " " + lexer.word();
      lexer.next();
    }
    return lexer.token() == '{' ? base + " " + group() : base;
  }

  /// Reads balanced brackets as text.
  String group() {
    int start = lexer.start();
    int depth = 0;
    do {
      switch (lexer.token()) {
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> depth--;
        case Token.END -> throw new NotUnderstood(start, "expected the bracket to be closed");
        default -> {
          if (depth == 0) {
            throw new NotUnderstood(lexer.start(), "expected a bracket but found " + lexer.found());
          }
        }
      }
      lexer.next();
    } while (depth > 0);
    return lexer.rejoined(start);
  }
}
