using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Says which experts serve each token, and with which weight.</summary>
/// <param name="Experts">The experts: int64 [token, choice].</param>
/// <param name="Weights">What their results are multiplied with: [token, choice].</param>
internal sealed record ExpertChoice(Tensor Experts, Tensor Weights)
{
    /// <summary>Returns the places where each expert's part of the sum can be seen and changed: each is called only when somebody looks.</summary>
    /// <param name="count">The number of experts.</param>
    public static ModuleList<Tap> Taps(int count) => nn.ModuleList([.. Enumerable.Range(0, count).Select(_ => new Tap(0))]);

    /// <summary>Adds up what the experts make of their tokens.</summary>
    /// <param name="hidden">The values of all tokens: [row, position, dModel].</param>
    /// <param name="taps">
    /// For each expert the place that holds its part of the sum, [row, position, dModel]: 0 at tokens that it does not serve.
    /// </param>
    /// <param name="expert">
    /// Maps the values of an expert's tokens, [token, dModel], those that chose it first before those that chose it second; it is not called for none.
    /// </param>
    /// <returns>[row, position, dModel]; it belongs to the current dispose scope.</returns>
    /// <exception cref="ArgumentException">An intervention has chosen an expert that is not there.</exception>
    public Tensor Mix(Tensor hidden, ModuleList<Tap> taps, Func<int, Tensor, Tensor> expert)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.flatten(0, 1); // [token, dModel]
        var weights = Weights.t().reshape(-1); // [choice · token]
        var places = Places(taps.Count);
        var sum = zeros_like(tokens); // [token, dModel]
        for (var index = 0; index < taps.Count; index++)
        {
            if (places[index].Count > 0 || taps[index].IsTapped)
            {
                using var inner = NewDisposeScope();
                Add(index);
            }
        }

        return scope.HandOut(sum.view(hidden.shape));

        void Add(int index)
        {
            var target = taps[index].IsTapped ? zeros_like(tokens) : sum; // [token, dModel]
            if (places[index].Count > 0)
            {
                var served = tensor(places[index].Select(place => place % tokens.shape[0]).ToArray(), dtype: int64, device: hidden.device); // [served]
                var chosen = tensor(places[index], dtype: int64, device: hidden.device); // [served]
                var made = expert(index, tokens.Rows(served)).mul(weights.Rows(chosen).unsqueeze(1)); // [served, dModel]
                target.index_add_(0, served, made, Scalars.Of(1));
            }

            if (taps[index].IsTapped)
            {
                sum.add_(taps[index].call(target.view(hidden.shape)).flatten(0, 1), Scalars.Of(1));
            }
        }
    }

    /// <summary>Returns for each expert the entries of [choice · token] that name it.</summary>
    private List<long>[] Places(int count)
    {
        var places = Enumerable.Range(0, count).Select(_ => new List<long>()).ToArray();
        if (Experts.is_meta)
        {
            // Nobody knows who chose whom there: shapes come out right when all tokens have all experts.
            foreach (var list in places) list.AddRange(Enumerable.Range(0, (int)Experts.shape[0]).Select(token => (long)token));
            return places;
        }

        using var near = Experts.t().reshape(-1).to(int64).cpu(); // [choice · token]
        var experts = near.data<long>().ToArray();
        for (var place = 0; place < experts.Length; place++)
        {
            var expert = experts[place];
            if (expert < 0 || expert >= count)
            {
                throw new ArgumentException($"Token {place % Experts.shape[0]} is sent to expert {expert}, but there are {count} (0 to {count - 1}). What an "
                    + "intervention writes where experts are chosen must be numbers of experts.");
            }

            places[expert].Add(place);
        }

        return places;
    }
}
