#include <grpcpp/security/server_credentials.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "test_kit.h"
#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/admin_service.grpc.pb.h"

namespace tracery {
namespace {

using test::TempFolder;
using test::TestServer;

/// A certificate for localhost that vouches for itself, and its key, made on the spot.
struct Identity {
  Identity() {
    EVP_PKEY* pair = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_NAME* name = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(made, name);
    X509_set_pubkey(made, pair);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(made, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(made, pair, EVP_sha256());
    certificate = pem([&](BIO* out) { PEM_write_bio_X509(out, made); });
    key = pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, pair, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(made);
    EVP_PKEY_free(pair);
  }

  std::string certificate;
  std::string key;

 private:
  template <class Write>
  static std::string pem(const Write& write) {
    BIO* out = BIO_new(BIO_s_mem());
    write(out);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
  }
};

/// Wants a token.
class Admin final : public v1::AdminService::Service {
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    const auto found = context->client_metadata().find("authorization");
    if (found == context->client_metadata().end() || found->second != "Bearer secret") {
      return {grpc::StatusCode::UNAUTHENTICATED, "no token, or a wrong one"};
    }
    const auto peer = context->auth_context()->GetPeerIdentity();
    response->set_version(peer.empty() ? "nobody" : "somebody");
    return grpc::Status::OK;
  }
};

class Tls : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file(const char* name, const std::string& text) const {
    test::write_file(folder.path() / name, text);
    return folder.path() / name;
  }

  [[nodiscard]] static std::shared_ptr<grpc::ServerCredentials> credentials(const Identity& server,
                                                                            const std::string& clients = {}) {
    grpc::SslServerCredentialsOptions options(clients.empty()
                                                  ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                  : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = clients;
    options.pem_key_cert_pairs.push_back({server.key, server.certificate});
    return grpc::SslServerCredentials(options);
  }

  [[nodiscard]] ClientOptions options() const {
    ClientOptions options;
    options.tls = tracery::Tls{.ca_file = file("ca.pem", identity.certificate), .certificate_file = {}, .key_file = {}};
    options.token = "secret";
    options.deadline = std::chrono::seconds(10);
    return options;
  }

  TempFolder folder;
  Identity identity;
  Admin admin;
};

TEST_F(Tls, ReachesARegistryWhoseAuthorityIsGivenAndSendsTheToken) {
  const TestServer server({&admin}, 0, credentials(identity));
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    EXPECT_EQ(Client::connect(host + ":" + std::to_string(server.port()), options()).status().version(), "nobody");
  }
  ClientOptions wrong = options();
  wrong.token = "guessed";
  try {
    Client::connect(server.address(), wrong).status();
    FAIL();
  } catch (const CallFailed& e) {
    EXPECT_EQ(e.code(), StatusCode::unauthenticated);
    EXPECT_STREQ(e.what(), "no token, or a wrong one");
  }
}

TEST_F(Tls, ShowsTheCertificateOfTheClient) {
  const Identity me;
  const TestServer server({&admin}, 0, credentials(identity, me.certificate));
  ClientOptions mine = options();
  mine.tls->certificate_file = file("me.pem", me.certificate);
  mine.tls->key_file = file("me.key", me.key);
  EXPECT_EQ(Client::connect(server.address(), mine).status().version(), "somebody");
}

/// What is wrong; nothing if it is not that nobody can be reached.
std::string why(const std::string& address, const ClientOptions& options) {
  try {
    Client::connect(address, options).status();
  } catch (const Unreachable& e) {
    return e.what();
  }
  return {};
}

TEST_F(Tls, DoesNotTrustOthers) {
  const Identity other;
  const TestServer server({&admin}, 0, credentials(other));
  const std::string untrusted = server.address() + ": the server's certificate is none that this client trusts";
  EXPECT_EQ(why(server.address(), options()), untrusted);
  ClientOptions system = options();
  system.tls->ca_file.clear();
  EXPECT_EQ(why(server.address(), system), untrusted);
}

TEST_F(Tls, SaysWhichSideDoesNotSpeakIt) {
  const TestServer plain({&admin});
  EXPECT_EQ(why(plain.address(), options()), plain.address() + ": the server speaks plain text, and this client TLS");
  const TestServer secured({&admin}, 0, credentials(identity));
  ClientOptions without = options();
  without.tls.reset();
  EXPECT_TRUE(why(secured.address(), without).starts_with(secured.address())) << why(secured.address(), without);
}

TEST_F(Tls, SaysAtOnceWhatIsWrongWithItsFiles) {
  const Identity other;
  const auto certificate = file("me.pem", identity.certificate);
  const auto no_pem = file("hosts", "127.0.0.1 localhost\n");
  const auto problem = [](tracery::Tls tls) -> std::string {
    ClientOptions options;
    options.tls = std::move(tls);
    try {
      Client::connect("localhost:1", options);
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  };
  const std::string no_certificate = " has no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  EXPECT_EQ(problem({no_pem, {}, {}}), no_pem.string() + no_certificate);
  EXPECT_EQ(problem({folder.path(), {}, {}}),
            "cannot read " + folder.path().string() + ", which should be a PEM file: Is a directory");
  EXPECT_EQ(problem({folder.path() / "none", {}, {}}), "cannot read " + (folder.path() / "none").string() +
                                                           ", which should be a PEM file: No such file or directory");
  EXPECT_EQ(problem({{}, no_pem, no_pem}), no_pem.string() + no_certificate);
  EXPECT_EQ(problem({{}, certificate, no_pem}),
            no_pem.string() + " has no private key in PEM without a password (-----BEGIN PRIVATE KEY-----)");
  const auto key = file("other.key", other.key);
  EXPECT_EQ(problem({{}, certificate, key}),
            "the key " + key.string() + " is of another certificate than the first one in " + certificate.string());
}

}  // namespace
}  // namespace tracery
