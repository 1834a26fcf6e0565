using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is the tensors that a set of examples was made of, one row an example; they are the caller's.</summary>
/// <param name="Base">What is intervened on.</param>
/// <param name="Sources">What is read, in order.</param>
/// <param name="Labels">The right outputs: int64 [example].</param>
/// <param name="Given">Whether an example has a source, or null: bool [example, source].</param>
/// <param name="BaseLabels">The right outputs of the bases, or null: int64 [example].</param>
/// <param name="Marks">What the base and then every source marks.</param>
internal sealed record ExampleTensors(
    ModelInputs Base,
    IReadOnlyList<ModelInputs> Sources,
    Tensor Labels,
    Tensor? Given,
    Tensor? BaseLabels,
    IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<Positions>>> Marks);
