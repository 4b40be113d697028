#include "app/static_files.h"

#include <spdlog/spdlog.h>

#include <fstream>
#include <iterator>

namespace sb::app {

namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string_view media_type(const std::filesystem::path& file) {
  static const std::unordered_map<std::string, std::string_view> kTypes{{".html", "text/html; charset=utf-8"},
                                                                        {".js", "text/javascript; charset=utf-8"},
                                                                        {".css", "text/css; charset=utf-8"},
                                                                        {".svg", "image/svg+xml"},
                                                                        {".png", "image/png"},
                                                                        {".ico", "image/x-icon"},
                                                                        {".json", "application/json"},
                                                                        {".woff2", "font/woff2"},
                                                                        {".webp", "image/webp"},
                                                                        {".jpg", "image/jpeg"}};
  const auto at = kTypes.find(file.extension().string());
  return at == kTypes.end() ? std::string_view("application/octet-stream") : at->second;
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    if (!entry.is_regular_file()) continue;
    add(entry.path(), "/" + std::filesystem::relative(entry.path(), directory).generic_string());
  }
  if (files_.empty()) {
    spdlog::warn("no web pages in {}: build them with \"npm ci && npm run build\" in web/", directory.string());
    files_["/"] = net::Response::text(503, "The web pages are not built: run scripts/run.sh.\n");
    return;
  }
  for (const auto* page : {"agent", "supervisor", "explain", "planner", "login", "demo-shop"}) {
    const auto at = files_.find("/" + std::string(page) + ".html");
    if (at != files_.end()) files_["/" + std::string(page)] = at->second;
  }
  net::Response home = net::Response::empty(302);
  home.headers.set("Location", "/agent");
  files_["/"] = std::move(home);
}

void StaticFiles::add(const std::filesystem::path& file, std::string url) {
  std::ifstream in(file, std::ios::binary);
  net::Response r;
  r.body.assign(std::istreambuf_iterator<char>(in), {});
  r.headers.set("Content-Type", std::string(media_type(file)));
  r.headers.set("X-Content-Type-Options", "nosniff");
  r.headers.set("Referrer-Policy", "same-origin");
  const bool hashed = url.starts_with("/assets/");
  const bool widget = url == "/widget.js";
  r.headers.set("Cache-Control", hashed   ? "public, max-age=31536000, immutable"
                                 : widget ? "public, max-age=300"
                                          : "no-cache");
  if (file.extension() == ".html") r.headers.set("Content-Security-Policy", std::string(kPolicy));
  if (widget) r.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  files_[std::move(url)] = std::move(r);
}

const net::Response* StaticFiles::find(std::string_view path) const {
  const auto at = files_.find(std::string(path));
  return at == files_.end() ? nullptr : &at->second;
}

}  // namespace sb::app
