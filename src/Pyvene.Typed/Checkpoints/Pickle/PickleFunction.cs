namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>The functions and classes that a pickle may call. They are names: what each does is written in <see cref="PickleCalls"/>, and nothing is looked up
/// or run.</summary>
internal enum PickleFunction
{
    OrderedDictionary,
    Size,
    RebuildTensor,
    RebuildTensorV2,
    RebuildParameter,
}
