// Two forms compared, one pair at a time. `lanes.hpp` does the same for many at once.
#pragma once

#include "sections.hpp"

namespace didban {

struct Costs {
    uint8_t substitution[2][kSymbols * kSymbols];
    uint8_t insertion[2][kSymbols];
};

inline int distance(const Costs &costs, const uint8_t *a, int la, const uint8_t *b, int lb, int table) {
    const uint8_t *substitution = costs.substitution[table], *insertion = costs.insertion[table];
    int rows[3][kRow + 1];
    int *before = rows[0], *row = rows[1], *current = rows[2];
    row[0] = 0;
    for (int j = 0; j < lb; ++j) row[j + 1] = row[j] + insertion[b[j]];
    for (int i = 0; i < la; ++i) {
        const int x = a[i], drop = insertion[x];
        const uint8_t *instead = substitution + x * kSymbols;
        current[0] = row[0] + drop;
        for (int j = 0; j < lb; ++j) {
            int cost = std::min({row[j] + instead[b[j]], row[j + 1] + drop, current[j] + insertion[b[j]]});
            if (i && j && x == b[j - 1] && a[i - 1] == b[j])
                cost = std::min(cost, before[j - 1] + kTransposition);
            current[j + 1] = cost;
        }
        int *spare = before;
        before = row, row = current, current = spare;
    }
    return row[lb];
}

// Where each sound stands in a form, as a set of bits; and the set of its sounds.
struct Places {
    uint32_t at[kSymbols] = {};
    uint32_t sounds = 0;

    Places(const uint8_t *codes, int length) {
        for (int i = 0; i < length; ++i) at[codes[i]] |= 1u << i, sounds |= 1u << codes[i];
    }
};

// Hyyro (2003): the restricted Damerau-Levenshtein distance, a column a step, in bit vectors.
inline int edits(const Places &places, int la, const uint8_t *b, int lb) {
    uint32_t up = ~0u, down = 0, diagonal = 0, previous = 0;
    const uint32_t last = 1u << (la - 1);
    int cost = la;
    for (int j = 0; j < lb; ++j) {
        const uint32_t here = places.at[b[j]];
        const uint32_t swapped = ((~diagonal & here) << 1) & previous;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint32_t right = down | ~(diagonal | up), left = diagonal & up;
        cost += (right & last) != 0;
        cost -= (left & last) != 0;
        right = (right << 1) | 1, left <<= 1;
        up = left | ~(diagonal | right), down = right & diagonal;
        previous = here;
    }
    return cost;
}

inline uint32_t ones(uint32_t x) {
    x -= (x >> 1) & 0x55555555u;
    x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
    x = (x + (x >> 4)) & 0x0F0F0F0Fu;
    return (x * 0x01010101u) >> 24;
}

}  // namespace didban
