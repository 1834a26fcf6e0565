using Pyvene.Typed.Configuration;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Is a term of the residual stream behind the last tokens.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Site">Where it was read.</param>
/// <param name="Value">The term: [batch, dModel], float64.</param>
/// <param name="Head">Which head's it is; <see langword="null"/> = it is of none, or of all.</param>
internal sealed record ResidualTerm(string Name, SiteSpec Site, Tensor Value, int? Head = null)
{
    private const double Most = 1e-4;
    private const double MostInHalf = 0.05; // of 16 bits

    /// <summary>Returns whether terms add up to a whole, up to what rounding in the model's dtype makes of a long sum.</summary>
    /// <param name="terms">The terms: [batch, dModel].</param>
    /// <param name="whole">The whole: [batch, dModel].</param>
    /// <param name="model">The model that computed them.</param>
    public static bool AreSum(IEnumerable<Tensor> terms, Tensor whole, nn.Module model)
    {
        var all = terms.ToArray();
        var largest = all.Append(whole).Max(Largest);
        var most = model.parameters().First().dtype is ScalarType.Float16 or ScalarType.BFloat16 ? MostInHalf : Most;
        return Largest(all.Aggregate((sum, term) => sum.add(term)).sub(whole)) <= most * largest;
    }

    private static double Largest(Tensor values) => values.abs().max().cpu().item<double>();
}
