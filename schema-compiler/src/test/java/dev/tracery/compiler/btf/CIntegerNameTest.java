package dev.tracery.compiler.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CIntegerNameTest {

  @ParameterizedTest
  @CsvSource({
    "int, int",
    "unsigned int, unsigned int",
    "long int, long",
    "long, long",
    "long unsigned int, unsigned long",
    "unsigned long, unsigned long",
    "long long int, long long",
    "long long unsigned int, unsigned long long",
    "short int, short",
    "short unsigned int, unsigned short",
    "char, char",
    "signed char, signed char",
    "unsigned char, unsigned char",
    "__int128 unsigned, unsigned __int128",
    "unsigned __int128, unsigned __int128",
    "_Bool, _Bool",
    "ssizetype, ssizetype"
  })
  void compilers_spellings_become_one(String found, String expected) {
    assertEquals(expected, CIntegerName.of(found));
  }
}
