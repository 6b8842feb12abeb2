// Command generate writes the Go code of Tracery's protocol. It compiles the .proto files itself, so that what it writes
// does not depend on which protoc a machine has.
//
//	generate [-check] PLUGINS MODULE
//
// PLUGINS is the folder that has protoc-gen-go and protoc-gen-go-grpc, MODULE the folder of the module to write into.
// With -check nothing is written, and files that are not as they would be written are an error.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

const module = "tracery.dev/tracery"

// Where the .proto files are, from the module's folder, and the package that each folder of them becomes.
var sources = []struct{ root, pattern, pkg string }{
	{"../../registry-api/src/main/protobuf", "tracery/v1/*.proto", module + "/tracerypb"},
	{"../conformance", "conformance.proto", module + "/internal/conformancepb"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	check := flag.Bool("check", false, "say which files are stale, and write nothing")
	flag.Parse()
	if flag.NArg() != 2 {
		log.Fatal("usage: generate [-check] PLUGINS MODULE")
	}
	if err := run(flag.Arg(0), flag.Arg(1), *check); err != nil {
		log.Fatal(err)
	}
}

func run(plugins, folder string, check bool) error {
	request, err := compile(folder)
	if err != nil {
		return err
	}
	var stale []error
	for _, plugin := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		response, err := generate(filepath.Join(plugins, plugin), request)
		if err != nil {
			return fmt.Errorf("%s: %w", plugin, err)
		}
		for _, file := range response.File {
			name := filepath.Join(folder, file.GetName())
			old, _ := os.ReadFile(name)
			if bytes.Equal(old, []byte(file.GetContent())) {
				continue
			}
			if check {
				stale = append(stale, fmt.Errorf("%s is stale; run go generate", file.GetName()))
				continue
			}
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				return err
			}
			if err := os.WriteFile(name, []byte(file.GetContent()), 0o666); err != nil {
				return err
			}
		}
	}
	return errors.Join(stale...)
}

// compile reads all files and makes of them what a protoc plugin is asked.
func compile(folder string) (*pluginpb.CodeGeneratorRequest, error) {
	parameters := []string{"module=" + module}
	request := &pluginpb.CodeGeneratorRequest{}
	var roots []string
	for _, source := range sources {
		root := filepath.Join(folder, source.root)
		roots = append(roots, root)
		names, err := filepath.Glob(filepath.Join(root, source.pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			file := path.Join(path.Dir(source.pattern), filepath.Base(name))
			request.FileToGenerate = append(request.FileToGenerate, file)
			// Why: the .proto files belong to all languages and have no go_package.
			parameters = append(parameters, "M"+file+"="+source.pkg)
		}
	}
	request.Parameter = proto.String(strings.Join(parameters, ","))
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: roots}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(context.Background(), request.FileToGenerate...)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, file := range files {
		request.ProtoFile = withImports(request.ProtoFile, file, seen)
	}
	return request, nil
}

// withImports appends a file, those that it imports first.
func withImports(to []*descriptorpb.FileDescriptorProto, file protoreflect.FileDescriptor, seen map[string]bool) []*descriptorpb.FileDescriptorProto {
	if seen[file.Path()] {
		return to
	}
	seen[file.Path()] = true
	for i := range file.Imports().Len() {
		to = withImports(to, file.Imports().Get(i).FileDescriptor, seen)
	}
	return append(to, protodesc.ToFileDescriptorProto(file))
}

func generate(plugin string, request *pluginpb.CodeGeneratorRequest) (*pluginpb.CodeGeneratorResponse, error) {
	in, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	command := exec.Command(plugin)
	command.Stdin = bytes.NewReader(in)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(out, response); err != nil {
		return nil, err
	}
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	return response, nil
}
