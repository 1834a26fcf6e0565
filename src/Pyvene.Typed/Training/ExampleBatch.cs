using Pyvene.Typed.Engine;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is some examples that run together.</summary>
/// <param name="Base">What is intervened on.</param>
/// <param name="Sources">What is read; null for a source that none of them has.</param>
/// <param name="Labels">The right outputs: int64 [batch].</param>
/// <param name="BaseLabels">The right outputs of the bases, or null: int64 [batch].</param>
/// <param name="Range">The smallest and the largest label of all examples.</param>
internal sealed record ExampleBatch(Batch Base, IReadOnlyList<Batch?> Sources, Tensor Labels, Tensor? BaseLabels, (long Least, long Most) Range);
