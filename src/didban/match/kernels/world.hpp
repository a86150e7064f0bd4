// How common a part of a name is in the world: the compiled twin of `didban.match.kernels.world`.
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "lanes.hpp"

namespace didban {

class World {
  public:
    // `codes`: of each symbol of a sound its code, of another character kNoSound.
    static constexpr uint8_t kNoSound = 255;

    World(const Costs &costs, const Comparison &compare, const std::string &text, const uint8_t *codes, double whole)
        : costs_(costs), compare_(compare) {
        for (const char *at = text.c_str(); *at;) {
            if (*at == '#') {
                while (*at && *at++ != '\n') {}
                continue;
            }
            char *rest;
            Rows *rows = rows_[std::strtoull(at, &rest, 10)].of;
            for (at = rest; *at == ' '; at = rest) {
                const double share = double(std::strtol(at + 1, &rest, 10)) / whole;
                if (*rest != ':') throw std::invalid_argument("a row is `share:sounds`");
                uint8_t row[kRow] = {}, length = 0;
                for (++rest; codes[uint8_t(*rest)] != kNoSound && length < kRow; ++rest)
                    row[length++] = codes[uint8_t(*rest)];
                const bool unvocalised = *rest == '\'';
                rest += unvocalised;
                rows[unvocalised].add(share, row, length, weight(row, length));
            }
            if (*at && *at++ != '\n') throw std::invalid_argument("a line is a key and its rows");
        }
    }
    World(const World &) = delete;

    // Makes `shares` those of what is near a form with this key, where they are larger.
    void look_up(const uint8_t *codes, int length, bool unvocalised, uint64_t key, double *shares) const {
        const auto found = rows_.find(key);
        if (found == rows_.end()) return;
        const int own = weight(codes, length);
        for (int table : {0, 1}) compare(codes, length, own, found->second.of[table != unvocalised], table, shares);
    }

  private:
    // Rows that are all vocalised, or all not, by falling share.
    struct Rows {
        std::vector<double> share;
        std::vector<uint8_t> codes, length;
        std::vector<int> weight;

        void add(double its_share, const uint8_t *row, uint8_t its_length, int its_weight) {
            share.push_back(its_share), length.push_back(its_length), weight.push_back(its_weight);
            codes.insert(codes.end(), row, row + kRow);
        }
    };
    struct Both {
        Rows of[2];
    };

    const Costs costs_;
    const Comparison compare_;
    std::unordered_map<uint64_t, Both> rows_;

    int weight(const uint8_t *codes, int length) const {
        int sum = 0;
        for (int i = 0; i < length; ++i) sum += costs_.insertion[0][codes[i]];
        return sum;
    }

    void compare(const uint8_t *codes, int length, int own, const Rows &rows, int table, double *shares) const {
        uint32_t place[kLanes];
        uint8_t cost[kLanes];
        // The first band is the strictest: where it has a larger share already, so have all.
        for (size_t from = 0; from < rows.share.size() && rows.share[from] > shares[0]; from += kLanes) {
            const int n = int(std::min(rows.share.size() - from, size_t(kLanes)));
            for (int i = 0; i < n; ++i) place[i] = uint32_t(from) + i;
            compare_.distances(costs_, codes, length, rows.codes.data(), rows.length.data(), place, n, table, cost);
            for (int i = 0; i < n; ++i) {
                const size_t row = from + i;
                int apart = cost[i];
                if (apart == kMost)
                    apart = distance(costs_, codes, length, &rows.codes[row * kRow], rows.length[row], table);
                const int longer = std::max({own, rows.weight[row], 1});
                for (int band = (kSlope * apart / longer + kBandWidth - 1) / kBandWidth; band < kBands; ++band)
                    shares[band] = std::max(shares[band], rows.share[row]);
            }
        }
    }
};

}  // namespace didban
