using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is a module whose arguments cases pass by name.</summary>
internal interface INamedArguments
{
    /// <summary>The names, in the order of the call.</summary>
    IReadOnlyList<string> ArgumentNames { get; }

    /// <summary>Returns the arguments in the order of the call, up to the last one that is given; what stands for one that is left out has no effect.</summary>
    IReadOnlyList<Tensor> InOrder(IReadOnlyDictionary<string, Tensor> given);
}
